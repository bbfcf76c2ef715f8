"""How people reach each desk, as policy data (RULES C-006, C-008 to C-015, M-014 to M-017). Frozen types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from migrator.policy.loading import CURRENT, read


class Counter(StrEnum):
    """Whom a channel leads to: one of the two desks, or sales."""

    MIGRATION = "migration"
    HOSTING = "hosting"
    SALES = "sales"


class ChannelKind(StrEnum):
    """The way in."""

    WEB = "web"
    EMAIL = "email"
    CHAT = "chat"
    PHONE = "phone"
    PORTAL = "portal"


class Hours(StrEnum):
    """When somebody is there: day and night, in the desk's opening hours, or all 24 hours of working days."""

    ANY = "any"
    DESK = "desk"
    WHOLE_DAYS = "whole_days"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to a desk.

    :ivar by_hand: open only while our people have switched it on as well (RULES C-008)
    :ivar is_off: kept, and shown to nobody (RULES C-009)
    """

    desk: Counter
    kind: ChannelKind
    name: str
    hours: Hours
    rule: str
    by_hand: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Channels:
    """The whole table of one version."""

    version: str
    effective_on: date
    channels: tuple[Channel, ...]

    def live(self, desk: Counter) -> tuple[Channel, ...]:
        """This will return what is shown of a desk, in order."""
        return tuple(channel for channel in self.channels if channel.desk is desk and not channel.is_off)


@cache
def channels(version: str = CURRENT) -> Channels:
    """This will return the channels of a version."""
    data = read(f"channels-{version}.toml")
    return Channels(
        version=data["version"],
        effective_on=data["effective_on"],
        channels=tuple(
            Channel(
                **{
                    **entry,
                    "desk": Counter(entry["desk"]),
                    "kind": ChannelKind(entry["kind"]),
                    "hours": Hours(entry["hours"]),
                }
            )
            for entry in data["channel"]
        ),
    )
