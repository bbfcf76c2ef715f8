"""What becomes of a message that came by mail (RULES C-006, C-026, M-014). Pure.

A sender's address is written by the sender: it alone never leads into a ticket that exists. What does is the answer to
a letter of ours, whose Message-ID is at random and known to its reader alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from migrator.support.mail.reading import Incoming

MOST_AN_HOUR = 20
WORD = r"[a-z0-9.-]+"


class Fate(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    ANSWERED = "answered"
    OPENED = "opened"
    UNIDENTIFIED = "unidentified"
    PORTAL = "portal"
    DROPPED = "dropped"
    UNREADABLE = "unreadable"


FATE_WORDS = {
    Fate.WAITING: "Not looked at yet",
    Fate.ANSWERED: "Added to its request",
    Fate.OPENED: "A new request",
    Fate.UNIDENTIFIED: "Needs identification",
    Fate.PORTAL: "Answered with the way to the portal",
    Fate.DROPPED: "Left aside",
    Fate.UNREADABLE: "Could not be read",
}


@dataclass(frozen=True, slots=True)
class Ours:
    """The addresses that are our own, and whose word on a sender we take.

    :ivar desk: the migration desk's; `hosting` the hosting desk's, which takes the portal alone (RULES M-014)
    :ivar checker: the name of the receiving mail server in Authentication-Results; empty where none is believed
    """

    desk: str
    hosting: str
    checker: str = ""


def dropped_because(message: Incoming, ours: Ours, *, in_last_hour: int) -> str:
    """This will say why a message is left aside: written by a machine, by ourselves, or one of a flood; else nothing.

    :param in_last_hour: how many messages came from the same address in the last hour, this one not counted
    """
    if not message.sender_address:
        return "It does not say who it is from."
    if message.sender_address in {ours.desk, ours.hosting}:
        return "It comes from our own address."
    if message.automatic:
        return message.automatic
    if in_last_hour >= MOST_AN_HOUR:
        return f"More than {MOST_AN_HOUR} messages came from this address within an hour."
    return "" if message.body or message.uploads else "It holds neither words nor files."


def is_for_hosting(message: Incoming, ours: Ours) -> bool:
    """This will tell whether a message was sent to the hosting desk alone (RULES M-014)."""
    return ours.hosting in message.recipients and ours.desk not in message.recipients


def is_forged(message: Incoming, ours: Ours) -> bool:
    """This will tell whether our mail server, and nobody else, found that the sender is not who they say."""
    if not ours.checker:
        return False
    of_ours = [each.lower() for each in message.checks if _checker_of(each) == ours.checker.lower()]
    results: dict[str, str] = dict(re.findall(rf"\b(dmarc|spf|dkim)=({WORD})", " ".join(reversed(of_ours))))
    if "dmarc" in results:
        return results["dmarc"] != "pass"
    return not ({"pass"} & {results.get("spf"), results.get("dkim")})


def is_reply_of(message: Incoming, *, written_to: str, colleagues: Collection[str]) -> bool:
    """This will tell whether somebody may write on the ticket whose letter they answer.

    :param written_to: the address that the letter went to
    :param colleagues: the addresses of the same organisation
    """
    return message.sender_address in {written_to.lower(), *colleagues}


def _checker_of(check: str) -> str:
    return check.partition(";")[0].strip().partition(" ")[0].lower()
