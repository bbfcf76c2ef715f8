"""What the timeline's words are made of: a deed, what is said about it, and phrases that many of them share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from migrator.clock.wording import end_text
from migrator.history.actor import Role


@dataclass(frozen=True, slots=True)
class Deed:
    """One history entry as the timeline needs it; `message` are the words of the message that it sent, if any."""

    verb: str
    happened_at: datetime
    actor_name: str
    actor_role: Role
    reason: str
    facts: Mapping[str, Any]
    message: str = ""


class Words(NamedTuple):
    """What is said about a deed."""

    title: str
    body: str = ""
    icon: str = "check"
    tone: str = ""


def item_of(deed: Deed) -> str:
    """This will name the access item that a deed is about."""
    return str(deed.facts.get("item") or "Access details")


def date_in(deed: Deed, fact: str, zone: str) -> str:
    """This will return a date among the facts in words; empty for none."""
    text = deed.facts.get(fact)
    return end_text(datetime.fromisoformat(text), zone) if text else ""


def reason_in(deed: Deed) -> str:
    """This will return the reason as a sentence; empty for none."""
    return f"Reason: {deed.reason.rstrip('.')}." if deed.reason else ""


def said_in(deed: Deed) -> str:
    """This will return who did something, with their own words where there are any."""
    return f"By {deed.actor_name}: “{deed.reason}”" if deed.reason else f"By {deed.actor_name}."


def moved_in(deed: Deed, zone: str) -> str:
    """This will say how the date moved, from the facts `new_due` and `old_due` (RULES D-10)."""
    new, old = date_in(deed, "new_due", zone), date_in(deed, "old_due", zone)
    if not new:
        return ""
    if new == old:
        return f"The date stays {new}."
    return f"New date {new} (was {old})." if old else f"New date {new}."


def joined(*sentences: str) -> str:
    """This will put the sentences that are not empty one after the other."""
    return " ".join(sentence for sentence in sentences if sentence)
