"""What is said about supplements, pages and hours. Pure."""

from __future__ import annotations

from migrator.money import Money
from migrator.orders.supplement_rules import tenths_text
from migrator.orders.timeline_phrases import Deed, Words, date_in, joined, moved_in, reason_in


def _offered(deed: Deed, zone: str) -> Words:
    until = date_in(deed, "expires_at", zone)
    return Words(
        f"We offer: {_title(deed)}, for {_amount(deed)}.", f"It stands until {until}.", "file-text", "attention"
    )


def _chosen(deed: Deed, _zone: str) -> Words:
    return Words(f"Chosen: {_title(deed)}, for {_amount(deed)}.", f"By {deed.actor_name}.", "file-text")


def _paid(deed: Deed, _zone: str) -> Words:
    return Words(f"Paid: {_title(deed)}, {_amount(deed)}.", icon="credit-card")


def _declined(deed: Deed, _zone: str) -> Words:
    return Words(f"Not wanted: {_title(deed)}.", f"By {deed.actor_name}.", "circle-x")


def _withdrawn(deed: Deed, _zone: str) -> Words:
    return Words(f"Our offer was withdrawn: {_title(deed)}.", reason_in(deed), "circle-x")


def _expired(deed: Deed, _zone: str) -> Words:
    return Words(f"Our offer has expired: {_title(deed)}.", icon="clock")


def _upgraded(deed: Deed, zone: str) -> Words:
    title = f"{_title(deed)}."
    return Words(title, joined("The new terms count from the same check.", moved_in(deed, zone)), "arrow-right")


def _measured(deed: Deed, _zone: str) -> Words:
    pages, limit = int(deed.facts.get("pages", 0)), int(deed.facts.get("limit", 0))
    return Words(f"{pages:,} pages measured.", f"Your order covers {limit:,}.", "search")


def _trimmed(deed: Deed, _zone: str) -> Words:
    return Words("Pages removed.", f"{deed.actor_name} asks us to count again.", "arrow-right")


def _pages_corrected(deed: Deed, _zone: str) -> Words:
    facts = deed.facts
    old, new = int(facts.get("old") or 0), int(facts.get("new") or 0)
    return Words(f"The {facts.get('which')} pages were corrected.", joined(f"{new:,} (was {old:,}).", reason_in(deed)),
                 "pencil")  # fmt: skip


def _hours_posted(deed: Deed, _zone: str) -> Words:
    facts = deed.facts
    spent = tenths_text(int(facts.get("minutes", 0)))
    if not facts.get("is_charged", True):
        return Words(f"{spent} h of our own re-work, not charged.", str(facts.get("note", "")), "clock")
    left = int(facts.get("limit", 0)) - int(facts.get("used", 0))
    return Words(f"{spent} h worked, {tenths_text(left)} h left.", str(facts.get("note", "")), "clock")


def _hours_corrected(deed: Deed, _zone: str) -> Words:
    facts = deed.facts
    old, new = tenths_text(int(facts.get("old_minutes", 0))), tenths_text(int(facts.get("minutes", 0)))
    left = tenths_text(int(facts.get("limit", 0)) - int(facts.get("used", 0)))
    said = joined(f"{new} h (was {old} h), {left} h left.", reason_in(deed))
    return Words("Worked time was corrected.", said, "pencil")


def _title(deed: Deed) -> str:
    return str(deed.facts.get("title", "an addition"))


def _amount(deed: Deed) -> Money:
    return Money(int(deed.facts.get("amount_minor", 0)), str(deed.facts.get("currency", "USD")))


EXTRAS_WORDINGS = {
    "supplement.offered": _offered,
    "supplement.chosen": _chosen,
    "supplement.paid": _paid,
    "supplement.declined": _declined,
    "supplement.withdrawn": _withdrawn,
    "supplement.expired": _expired,
    "order.upgraded": _upgraded,
    "pages.measured": _measured,
    "pages.trimmed": _trimmed,
    "pages.corrected": _pages_corrected,
    "hours.posted": _hours_posted,
    "hours.corrected": _hours_corrected,
}
