"""What is said about links, and about our copies of access details, to the customer. Pure."""

from __future__ import annotations

from migrator.clock.wording import listed_text
from migrator.history.actor import Role
from migrator.orders.timeline_phrases import Deed, Words, item_of

PURPOSES = {
    "share": "A link that shows where this order stands",
    "calendar": "A calendar address with the dates of this order",
}


def _opened(deed: Deed, _zone: str) -> Words:
    return Words(f"{_purpose(deed)} was made.", f"By {deed.actor_name}. It can be ended at any time.", "globe")


def _revoked(deed: Deed, _zone: str) -> Words:
    return Words(f"{_purpose(deed)} was ended.", f"By {deed.actor_name}. Its address opens nothing any more.", "globe")


def _destroyed(deed: Deed, _zone: str) -> Words:
    items = listed_text([f"“{label}”" for label in deed.facts.get("items", [])])
    who = "" if deed.actor_role is Role.SYSTEM else f" By {deed.actor_name}."
    reason = f"{deed.reason[:1].upper()}{deed.reason[1:].rstrip('.')}." if deed.reason else ""
    return Words("Our copies of your access details were destroyed.", f"{items}. {reason}{who}".strip(), "shield-check")


def _changed(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)}: changed or blocked.", f"{deed.actor_name} told us so.", "shield-check")


def _unchanged(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)}: not changed yet.", f"{deed.actor_name} took the tick back.", "pencil")


def _purpose(deed: Deed) -> str:
    return PURPOSES.get(str(deed.facts.get("purpose")), "A link")


LINK_WORDINGS = {
    "link.opened": _opened,
    "link.revoked": _revoked,
    "access.destroyed": _destroyed,
    "access.item_changed": _changed,
    "access.item_unchanged": _unchanged,
}
