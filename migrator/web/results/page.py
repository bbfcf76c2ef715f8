"""What the results pages show, gathered inside `reading()`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.calendars.queries import calendar_of
from migrator.clock.wording import end_text, instant_text, moment_text
from migrator.fulfilment.changes.models import ChangeRequest, ChangeState
from migrator.fulfilment.changes.queries import requests_of
from migrator.fulfilment.changes.rules import KIND_WORDS, OPEN_STATES, STATE_WORDS, is_included, mode_words
from migrator.fulfilment.runs.models import RunState
from migrator.fulfilment.runs.result_rules import why_no_restart
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.queries import AfterRun, after_run
from migrator.journeys.request_restart import restart_facts
from migrator.orders.lifecycle import AFTER_A_RUN, OrderState, SupplementState
from migrator.orders.models import Order
from migrator.payments.disputes.cover_queries import cover_suspension
from migrator.web.orders.still_open import OpenLine, open_lines

TONES = {
    ChangeState.RAISED: "info",
    ChangeState.QUOTED: "attention",
    ChangeState.IN_WORK: "info",
    ChangeState.DONE: "done",
    ChangeState.DECLINED: "neutral",
    ChangeState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A problem or a change, as both sides read it.

    :ivar price: what was asked for it; empty while it has no price
    :ivar pay_path: where the price waits, below the order's address; empty while none does
    """

    request_id: int
    kind: str
    body: str
    state: str
    tone: str
    mode: str
    asked: str
    answer: str
    price: str
    is_open: bool
    pay_path: str
    is_included: bool
    can_withdraw: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The result and what can be done with it.

    :ivar waits: why there is no result to look at; empty where there is one
    :ivar review_until: the end of the review that is open; empty without one
    :ivar accept_not: why the result cannot be accepted now; empty while it can
    :ivar open: what is still open beside the review, which the page itself is about
    :ivar change_mode: whether a change is included, or will have a price
    """

    number: str
    product: str
    new_site: str
    waits: str
    facts: tuple[tuple[str, str, None], ...]
    review_until: str
    silence: str
    accept_not: str
    change_mode: str
    can_change: bool
    requests: tuple[RequestLine, ...]
    open: tuple[OpenLine, ...]


@dataclass(frozen=True, slots=True)
class RestartPage:
    """A restart and what it means.

    :ivar why_not: why none can be asked for now; empty while it can
    :ivar uses: how many restarts it uses and when they end
    :ivar waits_for_access: whether a restart is asked for and has not started
    """

    number: str
    product: str
    old_site: str
    new_site: str
    why_not: str
    uses: str
    waits_for_access: bool


def result_page(session: Session, order: Order, *, now: datetime) -> ResultPage:
    """This will gather the page in two further queries."""
    calendar = calendar_of(session, order.calendar_row)
    after, requests = after_run(session, order.id), requests_of(session, order.id)
    zone = calendar.zone
    review = after.open(WindowKind.REVIEW)
    is_reviewed_now = order.state is OrderState.IN_REVIEW and review and (now < review.ends_at or after.has_problem)
    return ResultPage(
        number=order.number,
        product=order.terms.product_name,
        new_site=order.target_address,
        waits=_waits(order, after),
        facts=_facts(order, after, zone),
        review_until=end_text(review.ends_at, zone) if review and is_reviewed_now else "",
        silence=_silence(order, after),
        accept_not=ACCEPT_NOT if after.has_problem else "",
        change_mode=_mode(order, after, zone, now=now),
        can_change=order.state in AFTER_A_RUN,
        requests=tuple(request_line(request, zone) for request in requests),
        open=tuple(line for line in open_lines(order, after, calendar, now=now) if line.key != WindowKind.REVIEW.value),
    )


def restart_page(session: Session, order: Order, *, now: datetime) -> RestartPage:
    """This will gather what a restart means, or why there is none now."""
    after = after_run(session, order.id)
    zone = order.calendar_row.zone
    insurance = after.latest(WindowKind.INSURANCE)
    left = order.restarts_limit - order.restarts_used
    suspension = cover_suspension(session, order.id) if order.restarts_limit else ""
    facts = restart_facts(order, after, suspension=suspension)
    uses = ""
    if insurance and left:
        which = "your last restart" if left == 1 else f"1 of your {left} restarts"
        uses = f"Uses {which}. Ends {end_text(insurance.ends_at, zone).removeprefix('end of ')}."
    return RestartPage(
        number=order.number,
        product=order.terms.product_name,
        old_site=order.source_address or "the old site",
        new_site=order.target_address or "the new site",
        why_not=why_no_restart(facts, now=now, zone=zone),
        uses=uses,
        waits_for_access=after.active is RunState.REQUESTED,
    )


def request_line(request: ChangeRequest, zone: str) -> RequestLine:
    """This will return a request as people read it; its price is loaded with it."""
    supplement = request.supplement
    is_paid = supplement is not None and supplement.state is SupplementState.PAID
    return RequestLine(
        request_id=request.id,
        kind=KIND_WORDS[request.kind],
        body=request.body,
        state=STATE_WORDS[request.state],
        tone=TONES[request.state],
        mode="Included" if request.is_included else "With a price of its own",
        asked=moment_text(request.raised_at, zone),
        answer=request.answer,
        price=str(supplement.amount) if supplement else "",
        is_open=request.state in OPEN_STATES,
        pay_path=f"/extras/{request.supplement_id}" if request.state is ChangeState.QUOTED else "",
        is_included=request.is_included,
        can_withdraw=request.state in OPEN_STATES and not is_paid,
    )


ACCEPT_NOT = "You have reported a problem that we still work on. Withdraw it below, or wait for our answer."


def _waits(order: Order, after: AfterRun) -> str:
    if not after.windows:
        return "Nothing has been migrated yet. The result is here as soon as the full migration is done."
    if after.active is RunState.REQUESTED:
        return "Your restart waits for your access details. The new result is here when it is done."
    if order.state not in AFTER_A_RUN:
        return "The migration is running again. The new result is here when it is done."
    return ""


def _facts(order: Order, after: AfterRun, zone: str) -> tuple[tuple[str, str, None], ...]:
    runs = [window.run for window in after.windows if window.kind is WindowKind.REVIEW and window.run.finished_at]
    done_at = runs[-1].finished_at if runs else None
    rows = {
        "Done": instant_text(done_at, zone) if done_at else "",
        "Pages moved": f"{order.moved_pages:,}" if order.moved_pages is not None else "",
        "Checked by our engineers": instant_text(order.validated_at, zone) if order.validated_at else "",
        "New site": order.target_address,
    }
    return tuple((key, value, None) for key, value in rows.items() if value)


def _silence(order: Order, after: AfterRun) -> str:
    if after.has_problem:
        return "Nothing is accepted before we have answered what you reported."
    if order.terms.change_calendar_days:
        return "If we hear nothing, the review ends then; the included changes run on."
    return "After that we treat the result as accepted, and the order is completed."


def _mode(order: Order, after: AfterRun, zone: str, *, now: datetime) -> str:
    changes = after.latest(WindowKind.CHANGES)
    included = is_included(order.family, changes.ends_at if changes else None, now=now)
    return mode_words(
        included=included,
        ends_text=end_text(changes.ends_at, zone) if changes else "",
        minutes_left=order.support_minutes_limit - order.support_minutes_used,
    )
