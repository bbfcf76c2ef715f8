"""What a preview must hold to be published, and how its lines are read (RULES C-034, C-055g). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from migrator.access.fields import UnusableDetails, cleaned
from migrator.access.lifecycle import ItemKind
from migrator.clock.wording import listed_text
from migrator.errors import DomainError
from migrator.fulfilment.checks.rules import PluginStanding, Standing
from migrator.fulfilment.previews.models import Verdict

MOST_PAIRS = 50
MOST_COUNTS = 40
MOST_OF_A_KIND = 1_000_000_000
TITLE_LENGTH = 200
LABEL_LENGTH = 80
REMARK_LENGTH = 2_000
REASON_LENGTH = 500
Line = TypeVar("Line")


class LinesWrong(DomainError):
    """Typed pairs or counts cannot be read; the message names the first wrong line."""


class NotReady(DomainError):
    """Something must be done before a preview is published."""


class NothingWrong(DomainError):
    """A preview goes back only with what is wrong."""


@dataclass(frozen=True, slots=True)
class PairDraft:
    """An address of the old site beside the same on the preview."""

    title: str
    old_address: str
    new_address: str


@dataclass(frozen=True, slots=True)
class CountDraft:
    """How many of a kind were expected, moved and skipped, and why any was skipped."""

    label: str
    expected: int
    moved: int
    skipped: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A preview as it is about to be published."""

    pairs: tuple[PairDraft, ...]
    counts: tuple[CountDraft, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the customer says of a pair."""

    verdict: Verdict
    remark: str = ""


def read_pairs(text: str) -> tuple[PairDraft, ...]:
    """This will read pairs, one a line: `title | old address | new address`; the title may be left out.

    :raises LinesWrong: naming the first line that cannot be read, or when there is none or too many
    """
    pairs = _read(text, _pair, most=MOST_PAIRS)
    if not pairs:
        raise LinesWrong("Enter at least one pair of addresses.")
    return pairs


def read_counts(text: str) -> tuple[CountDraft, ...]:
    """This will read counts, one a line: `kind | expected | moved | skipped | reason`; no reason where none is skipped.

    :raises LinesWrong: naming the first line that cannot be read, or when there is none or too many
    """
    counts = _read(text, _count, most=MOST_COUNTS)
    if not counts:
        raise LinesWrong("Enter at least one count.")
    return counts


def not_ready(
    *, validation: Standing, measured_pages: int | None, plugins: PluginStanding, installs_plugins: bool
) -> tuple[str, ...]:
    """This will return what must be done before a preview is published, a sentence each (RULES C-039, C-055c, C-069).

    :param installs_plugins: whether installing plug-ins belongs to the product
    """
    found = []
    if validation.failed:
        found.append("A check before the set-up has failed. Record it anew when it is cured.")
    elif not validation.is_complete:
        found.append(f"Only {validation.done} of {validation.total} checks before the set-up are recorded.")
    if measured_pages is None:
        found.append("The pages of the old site are not counted yet.")
    if installs_plugins and plugins.missing:
        found.append(f"Not installed yet: {listed_text(plugins.missing)}.")
    return tuple(found)


def refuse_unready(sentences: Iterable[str]) -> None:
    """This will refuse to publish while something must be done before.

    :raises NotReady: saying all of it
    """
    if said := " ".join(sentences):
        raise NotReady(f"The preview cannot be published yet. {said}")


def fingerprint(marks: Iterable[tuple[int, Verdict, str]]) -> str:
    """This will return a short text that differs when any mark does: what a page showed, for noticing other marks.

    :param marks: pair, verdict and remark, in the order of the pairs
    """
    said = "\x1e".join(f"{pair_id}\x1f{verdict}\x1f{remark}" for pair_id, verdict, remark in marks)
    return sha256(said.encode()).hexdigest()[:20]


def _read(text: str, line_of: Callable[[list[str]], Line], *, most: int) -> tuple[Line, ...]:
    read: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read.append(line_of([part.strip() for part in line.split("|")]))
        except ValueError as error:
            raise LinesWrong(f"Line {number}: {error}") from error
    if len(read) > most:
        raise LinesWrong(f"Enter {most} lines or less.")
    return tuple(read)


def _pair(parts: list[str]) -> PairDraft:
    if len(parts) == 2:
        parts = ["", *parts]
    if len(parts) != 3:
        raise ValueError("write it as title | old address | new address.")
    title, old, new = parts
    if len(title) > TITLE_LENGTH:
        raise ValueError(f"use {TITLE_LENGTH} characters or less for the title.")
    return PairDraft(title, _address(old, "old"), _address(new, "new"))


def _address(text: str, side: str) -> str:
    try:
        return cleaned(ItemKind.SITE_ADDRESS, {"address": text})["address"]
    except UnusableDetails as error:
        raise ValueError(f"the {side} address cannot be used. {error.sentences['address']}") from error


def _count(parts: list[str]) -> CountDraft:
    if len(parts) not in {4, 5} or not parts[0]:
        raise ValueError("write it as kind | expected | moved | skipped | reason.")
    label, reason = parts[0], (parts[4] if len(parts) == 5 else "")
    if len(label) > LABEL_LENGTH or len(reason) > REASON_LENGTH:
        raise ValueError(f"use {LABEL_LENGTH} characters or less for the kind, {REASON_LENGTH} for the reason.")
    expected, moved, skipped = (_number(part) for part in parts[1:4])
    if expected != moved + skipped:
        raise ValueError(f"{expected:,} expected is not {moved:,} moved and {skipped:,} skipped together.")
    if skipped and not reason:
        raise ValueError(f"say why {skipped:,} of {label} were skipped.")
    return CountDraft(label, expected, moved, skipped, reason)


def _number(text: str) -> int:
    digits = text.replace(",", "").replace("\u202f", "").replace(" ", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12 or int(digits) > MOST_OF_A_KIND:
        raise ValueError(f"“{text[:20]}” is not a whole number from 0 to {MOST_OF_A_KIND:,}.")
    return int(digits)
