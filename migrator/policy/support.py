"""What the two desks promise about answers, and how long what is unclear may stay so (RULES D-1). Frozen types.

Each number lives in `migration_desk-N.toml` and `hosting_desk-N.toml` under `support`; a ticket keeps its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from migrator.policy.loading import CURRENT, read
from migrator.policy.promises import promises_of
from migrator.policy.types import Promise


class Firmness(StrEnum):
    """How firm an answer's date is: only what is guaranteed counts for the figures of kept promises (RULES M-043)."""

    GUARANTEED = "guaranteed"
    TARGET = "target"
    AIM = "aim"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Response:
    """How soon some categories are answered.

    :ivar unit: as in `clock.deadline.Unit`; minutes run around the clock on a calendar that always runs
    :ivar amount: 0 where nothing is promised, or where the hosting plan says how much (`from_plan`)
    :ivar amber_amount: after how much of it the desk is warned; of a plan's, `amber_percent` of it
    """

    categories: tuple[str, ...]
    rule: str
    firmness: Firmness
    calendar: str = ""
    unit: str = ""
    amount: int = 0
    amber_amount: int = 0
    amber_percent: int = 0
    from_plan: bool = False


@dataclass(frozen=True, slots=True)
class Language:
    """A language that a request may be written in; English alone is guaranteed (RULES M-032)."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SupportPolicy:
    """All that one desk's version says about tickets."""

    version: str
    calendar: str
    channels: tuple[str, ...]
    description_characters: int
    clarifications: int
    clarification_closes_business_days: int
    reopen_calendar_days: int
    languages: tuple[Language, ...]
    responses: tuple[Response, ...]

    def response_for(self, category: str) -> Response:
        """This will return what is promised about answers to a category.

        :raises KeyError: for a category that the desk does not take
        """
        for response in self.responses:
            if category in response.categories:
                return response
        raise KeyError(category)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that belongs to a policy and is kept elsewhere; its address may be missing (RULES M-003, M-020)."""

    rule: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class HostingDeskPolicy:
    """What the hosting desk promises beside its answers (RULES M-001 to M-046)."""

    version: str
    name: str
    effective_on: date
    calendar: str
    promises: tuple[Promise, ...]
    documents: tuple[Document, ...]


@cache
def support_policy(desk: str, version: str = CURRENT) -> SupportPolicy:
    """This will return what a desk promises about tickets.

    :param desk: `migration` or `hosting`
    """
    data = read(f"{desk}_desk-{version}.toml")
    said = data["support"]
    return SupportPolicy(
        version=data["version"],
        calendar=data["calendar"],
        channels=tuple(said["channels"]),
        description_characters=said["description_characters"],
        clarifications=said["clarifications"],
        clarification_closes_business_days=said["clarification_closes_business_days"],
        reopen_calendar_days=said["reopen_calendar_days"],
        languages=tuple(Language(key, name) for key, name in said["languages"].items()),
        responses=tuple(_response(entry) for entry in said["response"]),
    )


@cache
def hosting_desk(version: str = CURRENT) -> HostingDeskPolicy:
    """This will return the hosting desk's promises of a version (RULES D-1)."""
    data = read(f"hosting_desk-{version}.toml")
    return HostingDeskPolicy(
        version=data["version"],
        name=data["name"],
        effective_on=data["effective_on"],
        calendar=data["calendar"],
        promises=promises_of(data, {}),
        documents=tuple(Document(**entry) for entry in data["document"]),
    )


def _response(entry: dict[str, Any]) -> Response:
    return Response(
        **{**entry, "categories": tuple(entry["categories"]), "firmness": Firmness(entry["firmness"])},
    )
