"""Refunds: what waits for a second person or for its lines first, then all of them; and one with its decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Role
from migrator.journeys.allocate_refund import allocate_refund
from migrator.journeys.decide_refund import approve_refund, decline_refund
from migrator.money import Money
from migrator.payments.refunds.lifecycle import WORDS, RefundState
from migrator.payments.refunds.models import Refund
from migrator.payments.refunds.queries import (
    PAGE_LENGTH,
    refund_for_staff,
    refunds,
    refunds_awaiting,
    refunds_unallocated,
    standing_of,
)
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.finance import pages
from migrator.web.finance.refund_forms import AmountsForm, ReasonForm, allocation_form
from migrator.web.finance.refund_rows import RefundRow, refund_row
from migrator.web.finance.showing import moment
from migrator.web.refusals import status_of
from migrator.web.request import now, person

MONEY = (Role.FINANCE, Role.ADMINISTRATOR)
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class RefundPage:
    """One refund.

    :ivar facts: as a summary list
    :ivar lines: what it gives back of each line
    :ivar may_decide: whether it waits and the reader may approve it; `may_end` whether they may end it unsent
    :ivar left: what each line still has, by the name of its field, where the lines are to be named
    """

    row: RefundRow
    facts: tuple[tuple[str, str, None], ...]
    lines: tuple[tuple[str, Money], ...]
    may_decide: bool
    may_end: bool
    left: dict[str, Money]


@pages.get("/finance/refunds")
@open_to(*MONEY)
def refund_list() -> str:
    """This will list refunds: what waits for somebody first, then the newest, of one state or all."""
    chosen = request.args.get("state", "")
    state = next((each for each in RefundState if each.value == chosen), None)
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        waiting, unnamed = refunds_awaiting(session), refunds_unallocated(session)
        found = refunds(session, state=state, before_id=cursor[1] if cursor else None)
    shown = found[:PAGE_LENGTH]
    kept: dict[str, Any] = {"state": state.value} if state else {}
    older = cursor_of(None, shown[-1].id) if len(found) > PAGE_LENGTH else ""
    return render_template(
        "finance/refunds.html",
        waiting=[refund_row(each) for each in waiting[:PAGE_LENGTH]],
        unnamed=[refund_row(each) for each in unnamed[:PAGE_LENGTH]],
        has_more=len(waiting) > PAGE_LENGTH or len(unnamed) > PAGE_LENGTH,
        rows=[refund_row(each) for each in shown],
        states=[(each.value, WORDS[each]) for each in RefundState],
        state=state.value if state else "",
        next_url=url_for("finance.refund_list", **kept, before=older) if older else "",
        first_url=url_for("finance.refund_list", **kept) if cursor else "",
    )


@pages.get("/finance/refunds/<int:refund_id>")
@open_to(*MONEY)
def refund_page(refund_id: int) -> str:
    """This will show a refund, with what the reader may decide about it."""
    return _shown(refund_id)


@pages.post("/finance/refunds/<int:refund_id>/approve")
@open_to(*MONEY)
def approve(refund_id: int) -> Answer:
    """This will approve a refund as the second person; it is sent at once."""

    def act(session: Session) -> str:
        refund = approve_refund(session, refund_id, person=person(), now=now())
        return f"Approved. {refund.amount} is on its way to the customer’s card."

    return _done(refund_id, act)


@pages.post("/finance/refunds/<int:refund_id>/decline")
@open_to(*MONEY)
def decline(refund_id: int) -> Answer:
    """This will end a refund that waits, unsent, for a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _shown(refund_id, reason=form), 422

    def act(session: Session) -> str:
        decline_refund(session, refund_id, reason=form.reason.data or "", person=person(), now=now())
        return "Ended. Nothing was sent."

    return _done(refund_id, act, reason=form)


@pages.post("/finance/refunds/<int:refund_id>/lines")
@open_to(*MONEY)
def name_lines(refund_id: int) -> Answer:
    """This will write which lines a refund of the dashboard gave back."""
    with reading() as session:
        form = allocation_form(standing_of(session, refund_for_staff(session, refund_id).payment))()
    if not form.validate_on_submit():
        return _shown(refund_id, lines=form), 422

    def act(session: Session) -> str:
        allocate_refund(session, refund_id, form.amounts(), person=person(), now=now())
        return "The lines are named."

    return _done(refund_id, act, lines=form)


def _done(
    refund_id: int,
    act: Callable[[Session], str],
    *,
    reason: ReasonForm | None = None,
    lines: AmountsForm | None = None,
) -> Answer:
    try:
        with transaction() as session:
            news = act(session)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(refund_id, reason=reason, lines=lines, refusal=refusal), status_of(refusal)
    flash(news)
    return redirect(url_for("finance.refund_page", refund_id=refund_id), 303)


def _shown(
    refund_id: int,
    *,
    reason: ReasonForm | None = None,
    lines: AmountsForm | None = None,
    refusal: DomainError | None = None,
) -> str:
    with reading() as session:
        standing = standing_of(session, refund_for_staff(session, refund_id).payment)
        refund = refund_for_staff(session, refund_id)
        form = lines or allocation_form(standing)(formdata=None)
    left = {f"line_{line.line_id}": line.refundable for line in standing.lines}
    return render_template(
        "finance/refund.html",
        page=_page(refund, {} if refund.is_allocated else left),
        reason=reason or ReasonForm(formdata=None),
        form=form,
        refusal=refusal,
    )


def _page(refund: Refund, left: dict[str, Money]) -> RefundPage:
    waits = refund.state is RefundState.AWAITING_APPROVAL
    return RefundPage(
        row=refund_row(refund),
        facts=tuple(_facts(refund)),
        lines=tuple((part.order_line.name, Money(part.amount_minor, refund.currency)) for part in refund.lines),
        may_decide=waits and refund.requested_by_id != person().id,
        may_end=waits,
        left=left,
    )


def _facts(refund: Refund) -> list[tuple[str, str, None]]:
    row = refund_row(refund)
    facts = [("Reason", refund.reason), ("Asked for", f"{row.at_text}, {row.asked_by}")]
    if refund.approved_at:
        facts.append(("Approved", f"{moment(refund.approved_at)}, {row.approved_by}"))
    if refund.submitted_at:
        facts.append(("Sent", moment(refund.submitted_at)))
    if refund.ended_at:
        facts.append((WORDS[refund.state], moment(refund.ended_at)))
    facts += [("Goes to", refund.card or "The card that the customer paid with")]
    if refund.failure:
        facts.append(("Why", refund.failure.replace("_", " ")))
    facts.append(("Payment at Stripe", refund.payment.payment_intent_id))
    if refund.provider_id:
        facts.append(("Refund at Stripe", refund.provider_id))
    return [(name, value, None) for name, value in facts]
