"""What is said of dates that a closure moved (RULES C-020). Pure."""

from __future__ import annotations

from datetime import date, datetime

from migrator.calendars.closure_rules import span_text
from migrator.clock.wording import end_text
from migrator.orders.timeline_phrases import Deed, Words

LABELS = {
    "due": "New date",
    "agree_by": "We propose a date by",
    "check_by": "We aim to check your access details by",
    "insurance": "Your restarts are included until",
}


def _closure_moved(deed: Deed, zone: str) -> Words:
    facts = deed.facts
    if "first_on" not in facts:
        return Words("A closure of our desk moved your dates.", icon="calendar")
    first_on, last_on = date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"])
    withdrawn = facts["direction"] == "withdraw"
    days = f"{'on' if first_on == last_on else 'from'} {span_text(first_on, last_on)}"
    title = f"Our desk is open after all {days}." if withdrawn else f"Our desk is closed {days}."
    why = "" if withdrawn else f"{facts['closure']}: {deed.reason.rstrip('.')}. "
    return Words(title, why + " ".join(_moved(deed, name, zone) for name in facts["open"]), "calendar")


def _moved(deed: Deed, name: str, zone: str) -> str:
    new, old = (end_text(datetime.fromisoformat(deed.facts[f"{age}_{name}"]), zone) for age in ("new", "old"))
    return f"{LABELS[name]} {new} (was {old})."


CLOSURE_WORDINGS = {"order.closure_moved": _closure_moved}
