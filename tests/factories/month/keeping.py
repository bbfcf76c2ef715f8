"""Keeping a month: its rows, its books, and what the provider tells of it in payouts a week each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from migrator.finance.covers.operations import earn_through, open_covers, suspend_covers
from migrator.finance.covers.queries import covers_of
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.posting import (
    post_delivery,
    post_dispute_lost,
    post_dispute_opened,
    post_dispute_won,
    post_payment,
    post_refund,
)
from migrator.finance.reconciliation.lifecycle import TransactionSource
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.orders.lifecycle import OrderState
from migrator.payments.disputes.lifecycle import OPEN, DisputeStatus
from migrator.payments.refunds.lifecycle import ACCEPTED
from migrator.payments.refunds.models import RefundLine
from tests.factories.month.sales import Movement, PaidOut, Sale

A_DAY = timedelta(days=1)
A_WEEK = 7


def keep_sales(session: Session, sales: Sequence[Sale]) -> None:
    """This will save the rows of all sales, kind by kind."""
    session.add_all([sale.order for sale in sales])
    session.flush()
    for sale in sales:
        sale.preview.order_id = sale.order.id
        for line in sale.lines:
            line.order_id = sale.order.id
        for attempt, payment in zip(sale.attempts, sale.payments, strict=True):
            attempt.order_id = payment.order_id = sale.order.id
    session.add_all([one for sale in sales for one in (*sale.lines, *sale.attempts, sale.preview)])
    session.flush()
    for sale in sales:
        for attempt, payment in zip(sale.attempts, sale.payments, strict=True):
            payment.attempt_id = attempt.id
        for run in (sale.run, *sale.restarts):
            run.order_id, run.preview_id = sale.order.id, sale.preview.id
    session.add_all([one for sale in sales for one in (*sale.payments, sale.run, *sale.restarts)])
    session.flush()
    for sale in sales:
        _name_owners(sale)
    session.add_all([sale.window for sale in sales if sale.window])
    session.add_all([one for sale in sales for one in (*sale.disputes, *sale.exceptions)])
    session.add_all([refund for sale in sales for refund, _lines in sale.refunds])
    session.flush()
    session.add_all(
        RefundLine(refund_id=refund.id, order_line_id=line.id, amount_minor=amount)
        for sale in sales
        for refund, lines in sale.refunds
        for line, amount in lines
    )
    session.flush()


def post_sales(session: Session, sales: Iterable[Sale], *, now: datetime) -> None:
    """This will write the books of all sales, in the order in which things happened."""
    for sale in sales:
        if sale.is_posted:
            _post(session, sale, now=now)


def paid_out(movements: Iterable[Movement], *, key: str, now: datetime) -> list[PaidOut]:
    """This will put the movements of each week into a payout that arrives two days later; the last is under way.

    Movements of the last days wait for the next one, as at the provider.
    """
    weeks: dict[tuple[int, str], list[Movement]] = {}
    for movement in movements:
        if movement.is_paid_out and movement.created_at < now - 2 * A_DAY:
            week = movement.created_at.toordinal() // A_WEEK
            weeks.setdefault((week, movement.currency), []).append(movement)
    return [_payout(key, week, currency, weeks[week, currency], now) for week, currency in sorted(weeks)]


def keep_statement(
    session: Session, movements: Iterable[Movement], payouts: Iterable[PaidOut], *, itemized: bool = True
) -> None:
    """This will keep what the provider tells as if it had been pulled."""
    rows = {payout.id: _payout_row(payout, itemized) for payout in payouts}
    session.add_all(rows.values())
    session.flush()
    session.add_all(
        _transaction_row(movement, rows[movement.payout_id].id if movement.payout_id else None)
        for movement in movements
    )
    session.flush()


def _name_owners(sale: Sale) -> None:
    if sale.window:
        sale.window.order_id, sale.window.run_id = sale.order.id, sale.run.id
    for refund, _lines in sale.refunds:
        refund.order_id, refund.payment_id = sale.order.id, sale.payment.id
    for dispute in sale.disputes:
        dispute.order_id, dispute.payment_id = sale.order.id, sale.payment.id
    for exception in sale.exceptions:
        exception.order_id, exception.payment_id = sale.order.id, sale.payments[-1].id


def _post(session: Session, sale: Sale, *, now: datetime) -> None:
    for payment in sale.payments:
        post_payment(session, payment, now=now)
    if sale.order.state is not OrderState.CANCELLED:
        post_delivery(session, sale.order, now=now)
        open_covers(session, sale.order, now=now)
    for cover in covers_of(session, sale.order.id):
        cover.order = sale.order
        earn_through(session, cover, desk_day(now) - A_DAY, now=now)
    for refund, _lines in sale.refunds:
        if refund.state in ACCEPTED:
            post_refund(session, refund, now=now)
    for dispute in sale.disputes:
        post_dispute_opened(session, dispute, now=now)
        if dispute.status is DisputeStatus.LOST:
            post_dispute_lost(session, dispute, now=now)
        elif dispute.status is DisputeStatus.WON:
            post_dispute_won(session, dispute, now=now)
        elif dispute.status in OPEN:
            suspend_covers(session, sale.order, now=now)


def _payout(key: str, week: int, currency: str, movements: list[Movement], now: datetime) -> PaidOut:
    payout_id = f"po_{key}{week}{currency.lower()}"
    for movement in movements:
        movement.payout_id = payout_id
    made_at = max(movement.created_at for movement in movements) + A_DAY
    amount, arrival_on = sum(movement.net_minor for movement in movements), (made_at + A_DAY).date()
    arrived = arrival_on < (now - A_DAY).date()
    return PaidOut(
        id=payout_id,
        amount_minor=amount,
        currency=currency,
        created_at=made_at,
        arrival_on=arrival_on,
        at_bank_on=arrival_on if arrived else None,
        at_bank_minor=amount if arrived else None,
    )


def _payout_row(payout: PaidOut, itemized: bool) -> ProviderPayout:
    return ProviderPayout(
        provider_id=payout.id,
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        status="paid",
        arrival_on=payout.arrival_on,
        created_at=payout.created_at,
        at_bank_on=payout.at_bank_on,
        at_bank_minor=payout.at_bank_minor,
        is_itemized=itemized,
    )


def _transaction_row(movement: Movement, payout_id: int | None) -> ProviderTransaction:
    return ProviderTransaction(
        provider_id=movement.id,
        reporting_category=movement.category,
        kind=movement.category,
        gross_minor=movement.gross_minor,
        fee_minor=movement.fee_minor,
        net_minor=movement.net_minor,
        currency=movement.currency,
        created_at=movement.created_at,
        available_on=(movement.created_at + 2 * A_DAY).date(),
        source_id=movement.source_id,
        charge_id=movement.charge_id,
        payment_intent_id=movement.payment_intent_id,
        order_number=movement.order_number,
        customer_email=movement.customer_email,
        livemode=movement.livemode,
        source=TransactionSource.API,
        payout_id=payout_id,
    )
