"""What is said about each kind of deed, to the customer. Pure."""

from __future__ import annotations

from collections.abc import Callable

from migrator.clock.wording import duration_text
from migrator.history.actor import STAFF
from migrator.orders.timeline_phrases import Deed as Deed
from migrator.orders.timeline_phrases import Words as Words
from migrator.orders.timeline_phrases import date_in, joined, moved_in, reason_in
from migrator.orders.timeline_phrases import item_of as item_of
from migrator.orders.timeline_words_closures import CLOSURE_WORDINGS
from migrator.orders.timeline_words_extras import EXTRAS_WORDINGS
from migrator.orders.timeline_words_links import LINK_WORDINGS
from migrator.orders.timeline_words_money import MONEY_WORDINGS
from migrator.orders.timeline_words_preview import PREVIEW_WORDINGS
from migrator.orders.timeline_words_results import RESULT_WORDINGS


def words_of(deed: Deed, zone: str) -> Words:
    """This will say what was done, with its reason, and old and new dates where it moved one (RULES D-10)."""
    say = WORDINGS.get(deed.verb)
    return say(deed, zone) if say else Words("Your order was changed.", icon="info")


def _placed(deed: Deed, _zone: str) -> Words:
    return Words("Ordered.", f"{deed.facts.get('product', '')}, placed by {deed.actor_name}.".lstrip(", "), "file-text")


def _quote_accepted(deed: Deed, _zone: str) -> Words:
    return Words("Our price was accepted.", f"By {deed.actor_name}.", "file-text")


def _paid(_deed: Deed, _zone: str) -> Words:
    return Words("Paid.", "Next: send your access details. The count starts when we have checked them.", "credit-card")


def _payment_failed(deed: Deed, _zone: str) -> Words:
    return Words(
        "A payment did not go through.", joined("Nothing was charged.", reason_in(deed)), "circle-x", "problem"
    )


def _cancelled(deed: Deed, _zone: str) -> Words:
    return Words("Cancelled.", reason_in(deed), "circle-x")


def _access_saved(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)} saved.", f"By {deed.actor_name}. Passwords and tokens are encrypted.", "key-round")


def _secret_destroyed(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)}: our copy was destroyed.", reason_in(deed), "shield-check")


def _access_submitted(deed: Deed, zone: str) -> Words:
    check_by = date_in(deed, "check_by_at", zone)
    aim = f"We aim to check them by {check_by}." if check_by else "We check them next."
    return Words("Access details sent for checking.", aim, "arrow-right")


def _item_verified(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)} checked.", "It works.")


def _item_problem(deed: Deed, _zone: str) -> Words:
    said = str(deed.facts.get("problem") or deed.reason)
    return Words(f"{item_of(deed)}: there is a problem.", "" if deed.message else said, "triangle-alert", "attention")


def _verified(deed: Deed, zone: str) -> Words:
    due = date_in(deed, "due_at", zone)
    body = f"The count has started. Ready by {due}." if due else "Work starts."
    return Words("All access details are right.", body, "circle-check")


def _verification_corrected(deed: Deed, zone: str) -> Words:
    return Words("The start of the count was corrected.", joined(moved_in(deed, zone), reason_in(deed)), "pencil")


def _paused(deed: Deed, _zone: str) -> Words:
    body = f"We wait for: {item_of(deed)}. Your date moves by the working time that this takes."
    return Words("Paused.", body, "pause", "attention")


def _resumed(deed: Deed, zone: str) -> Words:
    seconds = deed.facts.get("seconds")
    title = "Resumed." if seconds is None else f"Resumed after {duration_text(int(seconds))}."
    return Words(title, joined(moved_in(deed, zone), reason_in(deed)), "play")


def _answered(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)} answered.", "We check it next; that is our time.", "arrow-right")


def _pause_corrected(deed: Deed, zone: str) -> Words:
    return Words("A pause was corrected.", joined(moved_in(deed, zone), reason_in(deed)), "pencil")


def _date_proposed(deed: Deed, zone: str) -> Words:
    return Words(f"We propose {date_in(deed, 'agreed_at', zone)}.", "Please accept it or write to us.", "calendar",
                 "attention")  # fmt: skip


def _date_agreed(deed: Deed, zone: str) -> Words:
    return Words(f"Agreed with you: ready by {date_in(deed, 'agreed_at', zone)}.", reason_in(deed), "calendar")


def _assigned(deed: Deed, _zone: str) -> Words:
    name = deed.facts.get("account_manager", "An account manager")
    return Words(f"{name} looks after your order.", icon="user-round")


def _message(deed: Deed, _zone: str) -> Words:
    who = f"{deed.actor_name} (Migrator)" if deed.actor_role in STAFF else deed.actor_name
    return Words(f"Message from {who}.", icon="message-square")


def _revealed(deed: Deed, _zone: str) -> Words:
    return Words(f"{item_of(deed)}: seen by {deed.actor_name}.", reason_in(deed), "eye")


WORDINGS: dict[str, Callable[[Deed, str], Words]] = {
    "order.placed": _placed,
    "quote.accepted": _quote_accepted,
    "order.paid": _paid,
    "payment.failed": _payment_failed,
    "order.cancelled": _cancelled,
    "access.saved": _access_saved,
    "secret.destroyed": _secret_destroyed,
    "access.submitted": _access_submitted,
    "access.item_verified": _item_verified,
    "access.item_problem": _item_problem,
    "access.verified": _verified,
    "access.verification_corrected": _verification_corrected,
    "order.paused": _paused,
    "order.resumed": _resumed,
    "order.pause_ended": _answered,
    "order.pause_corrected": _pause_corrected,
    "order.date_proposed": _date_proposed,
    "order.date_agreed": _date_agreed,
    "order.assigned": _assigned,
    "message.sent": _message,
    "secret.revealed": _revealed,
    **CLOSURE_WORDINGS,
    **LINK_WORDINGS,
    **EXTRAS_WORDINGS,
    **MONEY_WORDINGS,
    **PREVIEW_WORDINGS,
    **RESULT_WORDINGS,
}
