"""Whose turn it is, how far an order has come, and what of it is used: in words, from its state and terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.access.models import AccessItem
from migrator.clock.wording import counted_text, listed_text
from migrator.fulfilment.hours.rules import used_text
from migrator.fulfilment.models import PauseReason, PauseRow
from migrator.fulfilment.pages.rules import over_text, pages_sentence
from migrator.orders.lifecycle import OrderState, Turn
from migrator.orders.models import Order
from migrator.policy.types import Family

TURN_NAMES = {Turn.CUSTOMER: "you", Turn.US: "us", Turn.NOBODY: "nobody"}
PATHS = {
    Family.SELF_SERVICE: ("Paid", "Access", "Preview", "Full migration", "Review"),
    Family.ASSISTED: ("Paid", "Access", "Preview ready", "Full migration by your click", "Review"),
    Family.PACKAGE: ("Paid", "Access", "Preview", "Full migration", "Our check", "Review and changes"),
}
PLACES = {
    OrderState.AWAITING_PAYMENT: (0, "Waiting for you"),
    OrderState.AWAITING_ACCESS: (1, "Waiting for you"),
    OrderState.VERIFYING: (1, "We are checking"),
    OrderState.IN_PROGRESS: (2, "We are working"),
    OrderState.PAUSED: (2, "Paused"),
    OrderState.PREVIEW_READY: (2, "Waiting for you"),
    OrderState.MIGRATING: (3, "We are working"),
}
REVIEWS = {"us": "We are working", "you": "Waiting for you", "nobody": "Changes are included"}
SENTENCES = {
    OrderState.VERIFYING: "We check your access details. Nothing is needed from you.",
    OrderState.IN_PROGRESS: "Nothing is needed from you now.",
    OrderState.PREVIEW_READY: "Look at the preview, then start the full migration or tell us what is wrong.",
    OrderState.MIGRATING: "The full migration is running. Nothing is needed from you.",
    OrderState.IN_REVIEW: "Look at your new site and tell us whether everything is right.",
    OrderState.COMPLETED: "This order is completed.",
    OrderState.CANCELLED: "This order was cancelled.",
}


@dataclass(frozen=True, slots=True)
class TurnBar:
    """Whose turn it is and the one thing to do; the action is none where there is nothing to press."""

    turn: str
    sentence: str
    action_label: str | None = None
    action_url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path; state is done, current or upcoming."""

    label: str
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used, in whole numbers of one unit and in words; with a link to more."""

    label: str
    used: int
    limit: int
    sentence: str
    link_label: str | None = None
    link_url: str | None = None


def turn_bar(order: Order, waited_for: Sequence[AccessItem]) -> TurnBar:
    """This will say whose turn it is and what there is to do.

    :param waited_for: the access items that have a problem or that the order is paused for
    """
    address = f"/orders/{order.number}"
    names = listed_text([f"“{item.label}”" for item in waited_for])
    match order.state:
        case OrderState.AWAITING_PAYMENT:
            return TurnBar("you", "Pay, and we can start.", f"Pay {order.total}", f"{address}/pay")
        case OrderState.AWAITING_ACCESS if waited_for:
            return TurnBar("you", f"We could not use {names}.", "See what is wrong", f"{address}/access")
        case OrderState.AWAITING_ACCESS:
            sentence = "Send us your access details. It takes about 10 minutes."
            return TurnBar("you", sentence, "Send access details", f"{address}/access")
        case OrderState.PAUSED:
            only = f"/{waited_for[0].id}" if len(waited_for) == 1 else ""
            return TurnBar("you", f"We cannot go on without {names}.", "Answer now", f"{address}/access{only}")
        case OrderState.PREVIEW_READY:
            return TurnBar("you", SENTENCES[order.state], "Look at the preview", f"{address}/review")
        case OrderState.IN_PROGRESS if order.shown_turn is Turn.CUSTOMER:
            return TurnBar("you", "We have proposed a date to you.", "Look at the date", "#proposed-date")
    return TurnBar(TURN_NAMES[order.shown_turn], SENTENCES[order.state])


def turn_on_pages(order: Order, pauses: Iterable[PauseRow]) -> TurnBar | None:
    """This will ask for the decision on pages that the order waits for; none where it waits for none (RULES C-069)."""
    if not any(pause.ended_at is None and pause.reason is PauseReason.DECISION_MISSING for pause in pauses):
        return None
    sentence = over_text(order.measured_pages or 0, order.page_limit)
    return TurnBar("you", sentence, "Decide on the pages", f"/orders/{order.number}/pages")


def steps(order: Order, *, whose: str) -> tuple[Step, ...]:
    """This will return the path of the order's family: what is done, what is going on, and what is still to come.

    A package goes on to our engineers' check of the result and the included changes (RULES C-034, C-045).

    :param whose: turn it is, as of `TURN_NAMES`
    """
    path = PATHS[order.family]
    place, text = _place(order, whose, last=len(path))
    return tuple(
        Step(label, _step_state(index, place), text if index == place else "") for index, label in enumerate(path)
    )


def _place(order: Order, whose: str, *, last: int) -> tuple[int, str]:
    if order.state is OrderState.COMPLETED:
        return last, ""
    if order.state is OrderState.IN_REVIEW and order.family is Family.PACKAGE and order.validated_at is None:
        return last - 2, "We are working"
    if order.state is OrderState.IN_REVIEW:
        return last - 1, REVIEWS[whose]
    return PLACES.get(order.state, (-1, ""))


def meters(order: Order) -> tuple[Meter, ...]:
    """This will return what of the order's limits is used (RULES C-068, C-069, C-071)."""
    return tuple(meter for meter in (_pages(order), _hours(order), _restarts(order)) if meter)


def _step_state(index: int, place: int) -> str:
    if index == place:
        return "current"
    return "done" if index < place else "upcoming"


def _pages(order: Order) -> Meter:
    declared, measured, moved = order.declared_pages, order.measured_pages, order.moved_pages
    used = next(count for count in (moved, measured, declared) if count is not None)
    sentence = pages_sentence(declared=declared, measured=measured, moved=moved, limit=order.page_limit)
    return Meter("Pages", used, order.page_limit, sentence, "Look at the counts", f"/orders/{order.number}/pages")


def _hours(order: Order) -> Meter | None:
    used, limit = order.support_minutes_used, order.support_minutes_limit
    if not limit:
        return None
    url = f"/orders/{order.number}/hours"
    return Meter("Support hours", used, limit, f"{used_text(used, limit)}.", "See what they were used for", url)


def _restarts(order: Order) -> Meter | None:
    insurance, limit, used = order.terms.insurance, order.restarts_limit, order.restarts_used
    if insurance is None or not limit:
        return None
    window = counted_text(insurance.business_days, "working day")
    sentence = f"{used} of {counted_text(limit, 'restart')} used. They last {window} from the end of the migration."
    return Meter("Insurance", used, limit, sentence)
