"""What our engineers check, when a list is complete, and which plug-ins a preview waits for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.errors import DomainError
from migrator.fulfilment.checks.models import CheckList, Outcome
from migrator.orders.lifecycle import OrderState
from migrator.policy.types import Family, Tier

NOTE_LENGTH = 1_000
NAME_LENGTH = 120
WITHOUT_PLUGINS = frozenset({(Family.ASSISTED, Tier.BASIC)})


class NoSuchCheck(DomainError):
    """The item is not on the list."""


class NotesMissing(DomainError):
    """A failure needs its words; `keys` names the items concerned."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__("Say what is wrong where something failed: the customer reads it.")
        self.keys = keys


class NotCheckedNow(DomainError):
    """The list is not open in this state of the order."""


class PluginMisnamed(DomainError):
    """A plug-in needs a short name of its own."""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item of a list."""

    key: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What an item is found to be; the customer reads the note."""

    outcome: Outcome
    note: str = ""


ITEMS: Mapping[CheckList, tuple[CheckItem, ...]] = {
    CheckList.VALIDATION: (
        CheckItem("reachability", "Both sites can be reached", "From our servers, without a firewall in between"),
        CheckItem("versions", "The versions fit", "Both platforms and their database can be moved between"),
        CheckItem("counts", "The pages are counted", "Measured on the old site, not only declared"),
        CheckItem("target", "The new site is empty, or backed up", "Nothing of it is lost when we write to it"),
        CheckItem("plugins", "The plug-ins that the data needs are known", "Each with the data it is the target for"),
        CheckItem("permissions", "We may read and write what we need", "Files, database and administration"),
    ),
    CheckList.RESULTS: (
        CheckItem("counts", "The counts agree", "Expected is moved and skipped together, kind by kind"),
        CheckItem("pages", "Pages look and read the same", "A sample of each kind, old beside new"),
        CheckItem("files", "Images and files open", "From the new site itself, not from the old one"),
        CheckItem("links", "Links and redirects lead where they should", "Old addresses included"),
        CheckItem("plugins", "Plug-ins and forms work", "One entry of each tried out"),
        CheckItem("errors", "The new site shows no errors", "In its log and on its pages"),
    ),
}
TITLES = {CheckList.VALIDATION: "Checks before the set-up", CheckList.RESULTS: "Checks of the result"}
OPEN_IN = {
    CheckList.VALIDATION: frozenset({OrderState.IN_PROGRESS, OrderState.PAUSED}),
    CheckList.RESULTS: frozenset({OrderState.IN_REVIEW}),
}
OUTCOME_WORDS = {Outcome.PASSED: "Passed", Outcome.FAILED: "Failed", Outcome.NOT_NEEDED: "Not needed"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a list has come."""

    done: int
    failed: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether everything was looked at and nothing failed."""
        return self.done == self.total and not self.failed


@dataclass(frozen=True, slots=True)
class PluginStanding:
    """How many plug-ins the data needs, and the names of those that are not installed."""

    necessary: int = 0
    missing: tuple[str, ...] = ()


def standing(which: CheckList, outcomes: Mapping[str, Outcome]) -> Standing:
    """This will tell how far a list has come.

    :param outcomes: what the items were found to be last, by key
    """
    found = [outcomes[item.key] for item in ITEMS[which] if item.key in outcomes]
    return Standing(len(found), found.count(Outcome.FAILED), len(ITEMS[which]))


def label_of(which: CheckList, key: str) -> str:
    """This will return what people call an item.

    :raises NoSuchCheck: when it is not on the list
    """
    for item in ITEMS[which]:
        if item.key == key:
            return item.label
    raise NoSuchCheck("There is no such check on this list.")


def refuse_findings(which: CheckList, findings: Mapping[str, Finding], *, state: OrderState) -> None:
    """This will refuse what cannot be recorded.

    :raises NotCheckedNow: when the list is not open in this state
    :raises NoSuchCheck: for an item that is not on the list
    :raises NotesMissing: for a failure without its words
    """
    if state not in OPEN_IN[which]:
        raise NotCheckedNow("These checks are not recorded now: look at where the order stands.")
    for key in findings:
        label_of(which, key)
    failed = (key for key, finding in findings.items() if finding.outcome is Outcome.FAILED)
    if wordless := tuple(key for key in failed if not findings[key].note.strip()):
        raise NotesMissing(wordless)


def installs_plugins(family: Family, tier: Tier) -> bool:
    """This will tell whether installing plug-ins belongs to the product (RULES C-038 to C-040, C-055e)."""
    return family is not Family.SELF_SERVICE and (family, tier) not in WITHOUT_PLUGINS


def plugin_name(name: str) -> str:
    """This will return a plug-in's name, or that of its data, without surrounding spaces.

    :raises PluginMisnamed: when it is too long
    """
    cleaned = " ".join(name.split())
    if len(cleaned) > NAME_LENGTH:
        raise PluginMisnamed(f"Use {NAME_LENGTH} characters or less.")
    return cleaned


def plugin_standing(plugins: Iterable[tuple[str, bool, bool]]) -> PluginStanding:
    """This will tell which plug-ins are still to be installed.

    :param plugins: name, whether the data needs it, whether it is installed
    """
    necessary = [(name, is_installed) for name, is_necessary, is_installed in plugins if is_necessary]
    return PluginStanding(len(necessary), tuple(name for name, is_installed in necessary if not is_installed))
