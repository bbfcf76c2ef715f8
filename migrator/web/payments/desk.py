"""What finance sees: payments, money that does not fit with the refund that we propose, and events set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for

from migrator.clock.wording import instant_text
from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.money import Money
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentException, ProviderEvent
from migrator.payments.queries import PAGE_LENGTH, open_exceptions, payments, quarantined_events
from migrator.policy.loading import calendar_plans, migration_desk
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.payments import pages
from migrator.web.request import person

DISPOSITIONS = {
    Disposition.APPLIED: ("Paid its order", "done"),
    Disposition.PAID_LATE: ("Paid late", "problem"),
    Disposition.PAID_TWICE: ("Paid twice", "problem"),
    Disposition.PAID_AFTER_CANCEL: ("Paid after cancelling", "problem"),
    Disposition.AMOUNT_MISMATCH: ("Another amount", "problem"),
}


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as the list shows it."""

    number: str
    amount: Money
    words: str
    tone: str
    at_text: str
    reference: str


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """Money that waits for a decision."""

    url: str
    payment: PaymentRow
    words: str
    proposed_refund: Money


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event that was kept and not acted upon."""

    event_id: str
    kind: str
    words: str
    at_text: str


@pages.get("/desk/payments")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def payments_page() -> str:
    """This will list payments, the newest first, below what needs a decision."""
    cursor = read_cursor(request.args.get("before"))
    with reading() as session:
        found = payments(session, before_id=cursor[1] if cursor else None)
        exceptions, events = open_exceptions(session), quarantined_events(session)
    shown = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return render_template(
        "payments/desk.html",
        payments=[_row(payment) for payment in shown],
        exceptions=[_exception(exception) for exception in exceptions[:PAGE_LENGTH]],
        has_more_exceptions=len(exceptions) > PAGE_LENGTH,
        events=_events(events[:PAGE_LENGTH]),
        has_more_events=len(events) > PAGE_LENGTH,
        page_length=PAGE_LENGTH,
        older_url=url_for("payments.payments_page", before=cursor_of(None, shown[-1].id)) if more else None,
        newest_url=url_for("payments.payments_page") if cursor else None,
    )


def _row(payment: Payment) -> PaymentRow:
    words, tone = DISPOSITIONS[payment.disposition]
    return PaymentRow(
        number=payment.attempt.order_number,
        amount=payment.amount,
        words=words,
        tone=tone,
        at_text=instant_text(payment.settled_at, _zone()),
        reference=payment.payment_intent_id,
    )


def _exception(exception: PaymentException) -> ExceptionRow:
    proposed = Money(exception.proposed_refund_minor, exception.currency)
    url = url_for("finance.misfit", exception_id=exception.id)
    asked_by = exception.waiver_asked_by
    waits = f" {asked_by.display_name} wants it to stay: a second person has to agree." if asked_by else ""
    return ExceptionRow(url, _row(exception.payment), exception.words + waits, proposed)


def _events(events: Sequence[ProviderEvent]) -> list[EventRow]:
    zone = _zone()
    return [
        EventRow(event.event_id, event.kind, event.last_error, instant_text(event.received_at, zone))
        for event in events
    ]


def _zone() -> str:
    desk = migration_desk().calendar
    return person().zone or next(plan.zone for plan in calendar_plans() if plan.key == desk)
