"""Money that does not fit an order: it goes back as proposed, or it stays with us for a reason (PAYMENTS, rule 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.reconciliation.rules import needs_second_person
from migrator.journeys.resolve_exception import agree_waiver, put_waiver_away, refund_exception, waive_exception
from migrator.money import Money
from migrator.payments.lifecycle import Resolution
from migrator.payments.models import PaymentException
from migrator.payments.queries import exception_for_staff
from migrator.payments.refunds.lifecycle import LIVE, WORDS
from migrator.payments.refunds.queries import refunds_of_payment
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.refund_forms import ReasonForm
from migrator.web.finance.refunds import MONEY, Answer
from migrator.web.finance.showing import moment
from migrator.web.payments.desk import DISPOSITIONS
from migrator.web.refusals import status_of
from migrator.web.request import now, person
from migrator.wiring import wiring

STAYS = "Written down: the money stays with us."
ENDINGS = {Resolution.REFUNDED: ("Went back", "done"), Resolution.WAIVED: ("Stays with us", "neutral")}


@dataclass(frozen=True, slots=True)
class MisfitPage:
    """One sum that does not fit.

    :ivar refund_id: of the refund that is under way or done; none without one
    :ivar asked_by: who wants it to stay, where a second person has to agree; else empty
    :ivar may_agree: whether the reader is somebody else
    :ivar limit: the amount above which two people decide
    """

    id: int
    number: str
    title: str
    words: str
    amount: Money
    state: str
    tone: str
    at_text: str
    reference: str
    reason: str
    is_open: bool
    refund_id: int | None
    refund_state: str
    asked_by: str
    may_agree: bool
    needs_two: bool
    limit: Money


@pages.get("/finance/payments/<int:exception_id>")
@open_to(*MONEY)
def misfit(exception_id: int) -> str:
    """This will show money that does not fit, with the two ways to end it."""
    return _shown(exception_id)


@pages.post("/finance/payments/<int:exception_id>/refund")
@open_to(*MONEY)
def refund_misfit(exception_id: int) -> Answer:
    """This will give it back."""
    try:
        with transaction() as session:
            currency = exception_for_staff(session, exception_id).currency
            limit = wiring().settings.refund_limit(currency)
            refund = refund_exception(session, exception_id, person=person(), limit=limit, now=now())
            refund_id = refund.id
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(exception_id, refusal=refusal), status_of(refusal)
    flash("Asked for. Here is where the refund stands.")
    return redirect(url_for("finance.refund_page", refund_id=refund_id), 303)


@pages.post("/finance/payments/<int:exception_id>/waive")
@open_to(*MONEY)
def waive_misfit(exception_id: int) -> Answer:
    """This will keep it, for a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _shown(exception_id, form), 422

    def waive(session: Session) -> str:
        limit, reason = wiring().settings.decision_limit_minor, form.reason.data or ""
        counts = waive_exception(session, exception_id, reason=reason, person=person(), limit_minor=limit, now=now())
        return STAYS if counts else "Written down. It counts when a second person has agreed."

    return _done(exception_id, waive, form)


@pages.post("/finance/payments/<int:exception_id>/second")
@open_to(*MONEY)
def second_look(exception_id: int) -> Answer:
    """This will let money stay as somebody else wants, or put that away."""

    def decide(session: Session) -> str:
        if request.form.get("answer") == "away":
            put_waiver_away(session, exception_id, person=person(), now=now())
            return "Put away. The money waits for a decision."
        agree_waiver(session, exception_id, person=person(), now=now())
        return STAYS

    return _done(exception_id, decide)


def _done(exception_id: int, act: Callable[[Session], str], form: ReasonForm | None = None) -> Answer:
    try:
        with transaction() as session:
            news = act(session)
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(exception_id, form, refusal=refusal), status_of(refusal)
    flash(news)
    return redirect(url_for("finance.misfit", exception_id=exception_id), 303)


def _shown(exception_id: int, form: ReasonForm | None = None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        found = exception_for_staff(session, exception_id)
        refund = next(
            (one for one in reversed(refunds_of_payment(session, found.payment_id)) if one.state in LIVE), None
        )
        page = _page(found, refund.id if refund else None, WORDS[refund.state] if refund else "")
    return render_template("finance/misfit.html", page=page, form=form or ReasonForm(formdata=None), refusal=refusal)


def _page(found: PaymentException, refund_id: int | None, refund_state: str) -> MisfitPage:
    state, tone = ENDINGS[found.resolution] if found.resolution else ("Waits for a decision", "attention")
    asked_by = found.waiver_asked_by if found.resolution is None else None
    limit = wiring().settings.decision_limit_minor
    return MisfitPage(
        id=found.id,
        number=found.payment.attempt.order_number,
        title=DISPOSITIONS[found.code][0],
        words=found.words,
        amount=found.payment.amount,
        state=state,
        tone=tone,
        at_text=moment(found.payment.settled_at),
        reference=found.payment.payment_intent_id,
        reason=found.reason,
        is_open=found.resolved_at is None,
        refund_id=refund_id,
        refund_state=refund_state,
        asked_by=asked_by.display_name if asked_by else "",
        may_agree=asked_by is not None and asked_by.id != person().id,
        needs_two=needs_second_person(found.proposed_refund_minor, limit),
        limit=Money(limit, found.currency),
    )
