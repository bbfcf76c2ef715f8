"""Both desks' policies as documents: every version, and what differs between two (RULES C-001, C-044, M-005)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from migrator.errors import NotFound
from migrator.policy.loading import CURRENT, migration_desk, read, versions
from migrator.policy.promises import promised_numbers
from migrator.policy.support import Document, hosting_desk
from migrator.policy.types import Promise

Words = Promise | str


class Desk(StrEnum):
    """Whose policy it is."""

    MIGRATION = "migration"
    HOSTING = "hosting"


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One version of a desk's policy; `numbers` are all numbers of its file in words, by their names."""

    desk: Desk
    name: str
    version: str
    effective_on: date
    calendar: str
    promises: tuple[Promise, ...]
    numbers: tuple[tuple[str, str], ...]
    documents: tuple[Document, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether what is sold and asked today falls under it."""
        return self.version == CURRENT


class Change(StrEnum):
    """What happened to a promise or a number between two versions."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One promise, or one number, that is not the same in two versions; the side that lacks it is none."""

    change: Change
    name: str
    before: Words | None
    after: Words | None


def document(desk: Desk, version: str = CURRENT) -> PolicyDocument:
    """This will return a version of a desk's policy.

    :raises NotFound: when there is no such version
    """
    name = f"{desk}_desk"
    if version not in versions(name):
        raise NotFound("There is no such version.")
    data = read(f"{name}-{version}.toml")
    policy = migration_desk(version) if desk is Desk.MIGRATION else hosting_desk(version)
    return PolicyDocument(
        desk=desk,
        name=policy.name,
        version=version,
        effective_on=policy.effective_on,
        calendar=policy.calendar,
        promises=policy.promises,
        numbers=tuple(promised_numbers(data, {}).items()),
        documents=getattr(policy, "documents", ()),
    )


def documents(desk: Desk) -> tuple[PolicyDocument, ...]:
    """This will return all versions of a desk's policy, the newest first."""
    return tuple(document(desk, version) for version in reversed(versions(f"{desk}_desk")))


def differences(before: PolicyDocument, after: PolicyDocument) -> tuple[Difference, ...]:
    """This will return what differs between two versions: promises in their order, then numbers."""
    promises = _differences(_by_anchor(before), _by_anchor(after))
    return promises + _differences(dict(before.numbers), dict(after.numbers))


def _by_anchor(policy: PolicyDocument) -> dict[str, Promise]:
    return {promise.anchor: promise for promise in policy.promises}


def _differences(before: Mapping[str, Words], after: Mapping[str, Words]) -> tuple[Difference, ...]:
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return tuple(Difference(_change(old, new), name, old, new) for name, old, new in pairs if old != new)


def _change(before: object, after: object) -> Change:
    if before is None:
        return Change.ADDED
    return Change.REMOVED if after is None else Change.CHANGED
