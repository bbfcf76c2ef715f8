"""What can be wrong in a month: each kind planted on a sale of its own, so that what is found can be held against it.

Some are wrong from the start; others, such as a figure of a cover, once the books are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.finance.reconciliation.lifecycle import Code
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.orders.lifecycle import OrderState
from migrator.payments.disputes.lifecycle import DisputeStatus
from migrator.payments.disputes.models import Dispute
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import PaymentException
from migrator.payments.refunds.lifecycle import RefundOrigin, RefundState
from migrator.payments.refunds.models import Refund
from tests.factories.month.making import PRODUCTS, paid
from tests.factories.month.sales import DISPUTE_FEE, PaidOut, Sale, fee_of

A_DAY = timedelta(days=1)
SHORT_BY = 910
Later = Callable[[Session, Sale, datetime], None]


@dataclass(frozen=True, slots=True)
class Plant:
    """One thing that is wrong.

    :ivar subject: what finance will read it as
    :ivar later: what is done to it once the books are written
    """

    code: Code
    subject: str
    sale: Sale | None = None
    later: Later | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of being wrong.

    :ivar needs: which sales it can be planted on
    :ivar plant: makes it wrong and returns what finance will read
    """

    code: Code
    needs: Callable[[Sale], bool]
    plant: Callable[[Sale], str]
    later: Later | None = None


def plant_all(sales: Sequence[Sale], *, each: int) -> list[Plant]:
    """This will plant each kind so many times, on sales that nothing else is wrong with."""
    # Nothing can be said of a payment that is older than the first movement.
    later = sales[len(PRODUCTS) :]
    return [plant for kind in KINDS for plant in _plant(later, kind, each)]


def plant_payouts(payouts: Sequence[PaidOut]) -> list[Plant]:
    """This will leave a payout short of its movements, another away from the bank, and a third short at the bank."""
    short, missing, less = payouts[:3]
    short.amount_minor -= SHORT_BY
    if short.at_bank_minor is not None:
        short.at_bank_minor = short.amount_minor
    missing.at_bank_on, missing.at_bank_minor = None, None
    if less.at_bank_minor is not None:
        less.at_bank_minor -= SHORT_BY
    return [
        Plant(Code.PAYOUT_SUM_DIFFERS, short.id),
        Plant(Code.PAYOUT_NOT_AT_BANK, missing.id),
        Plant(Code.PAYOUT_NOT_AT_BANK, less.id),
    ]


def finish(session: Session, plants: Sequence[Plant], *, now: datetime) -> None:
    """This will do to the books what is wrong only there."""
    for plant in plants:
        if plant.later and plant.sale:
            plant.later(session, plant.sale, now)
    session.flush()


def _plant(sales: Sequence[Sale], kind: Kind, each: int) -> Iterator[Plant]:
    fit = (sale for sale in sales if not sale.is_planted and kind.needs(sale))
    for _ in range(each):
        sale = next(fit)
        sale.is_planted = True
        yield Plant(kind.code, kind.plant(sale), sale, kind.later)


def _any(_sale: Sale) -> bool:
    return True


def _plain(sale: Sale) -> bool:
    return sale.premium is None


def _insured(sale: Sale) -> bool:
    return sale.window is not None


def _open(sale: Sale) -> bool:
    return sale.window is not None and sale.window.closed_at is None


def _over(sale: Sale) -> bool:
    return sale.window is not None and sale.window.closed_at is not None


def _missing_charge(sale: Sale) -> str:
    sale.movements.clear()
    return sale.order.number


def _not_posted(sale: Sale) -> str:
    sale.is_posted = False
    return sale.order.number


def _unknown_refund(sale: Sale) -> str:
    movement = sale.moved(f"un{sale.charge.id}", "refund", -500, source_id=f"re_un{sale.charge.id}", at=_soon(sale))
    return movement.id


def _orphan(sale: Sale) -> str:
    movement = sale.moved(f"or{sale.charge.id}", "charge", 7_700, source_id="", at=_soon(sale), fee=fee_of(7_700))
    movement.charge_id, movement.payment_intent_id = f"ch_or{sale.charge.id}", f"pi_or{sale.charge.id}"
    movement.source_id = movement.charge_id
    return movement.id


def _another_amount(sale: Sale) -> str:
    sale.charge.gross_minor += 500
    sale.charge.fee_minor = fee_of(sale.charge.gross_minor)
    return sale.order.number


def _another_currency(sale: Sale) -> str:
    sale.charge.currency, sale.charge.is_paid_out = "EUR", False
    return sale.order.number


def _charged_again(sale: Sale) -> str:
    again = sale.charged(sale.payment, f"again{sale.charge.id}")
    again.created_at += timedelta(minutes=2)
    return sale.order.number


def _paid_again(disposition: Disposition) -> Callable[[Sale], str]:
    def plant(sale: Sale) -> str:
        if disposition is Disposition.PAID_AFTER_CANCEL:
            sale.order.state, sale.payment.disposition = OrderState.CANCELLED, disposition
            sale.order.total_minor = sale.payment.amount_minor
        else:
            key, at = f"more{sale.payment.charge_id}", sale.payment.captured_at + timedelta(minutes=30)
            attempt, payment = paid(sale.order, sale.attempts[0].person_id, key=key, at=at)
            payment.disposition = disposition
            sale.attempts.append(attempt)
            sale.payments.append(payment)
            sale.charged(payment, key)
        last = sale.payments[-1]
        sale.exceptions.append(
            PaymentException(
                code=disposition, proposed_refund_minor=last.amount_minor, currency=last.currency,
                words="Planted.", created_at=last.captured_at,
            )
        )  # fmt: skip
        return sale.order.number

    return plant


def _dear(sale: Sale) -> str:
    sale.charge.fee_minor += SHORT_BY
    return sale.order.number


def _stray_fee(sale: Sale) -> str:
    movement = sale.moved(f"fee{sale.charge.id}", "fee", -SHORT_BY, source_id="", at=_soon(sale))
    movement.charge_id = movement.payment_intent_id = ""
    return movement.id


def _live(sale: Sale) -> str:
    sale.charge.livemode = True
    return sale.charge.id


def _wrong_rate(sale: Sale) -> str:
    line = sale.premium
    assert line is not None, "it is planted on insured sales"
    assert line.base_minor is not None, "and they have a base"
    line.rate_bp = 1_300
    line.amount_minor = (line.base_minor * line.rate_bp + 5_000) // 10_000
    _same_total(sale)
    return sale.order.number


def _wrong_base(sale: Sale) -> str:
    line = sale.premium
    assert line is not None, "it is planted on insured sales"
    assert line.base_minor is not None, "and they have a base"
    assert line.rate_bp is not None, "and a rate"
    line.base_minor -= 1_000
    line.amount_minor = (line.base_minor * line.rate_bp + 5_000) // 10_000
    _same_total(sale)
    return sale.order.number


def _same_total(sale: Sale) -> None:
    sum_minor = sum(line.amount_minor for line in sale.lines)
    sale.order.total_minor = sale.payment.amount_minor = sale.attempts[0].amount_minor = sum_minor
    sale.charge.gross_minor, sale.charge.fee_minor = sum_minor, fee_of(sum_minor)


def _refund(sale: Sale, state: RefundState, amount: int, *, lines: bool, origin: RefundOrigin) -> Refund:
    at = _soon(sale)
    refund = Refund(
        state=state,
        origin=origin,
        amount_minor=amount,
        currency=sale.payment.currency,
        reason="The customer asked for it",
        idempotency_key=f"refund-{sale.charge.id}",
        provider_id=f"re_{sale.charge.id}",
        requested_by_id=sale.preview.published_by_id if origin is RefundOrigin.DESK else None,
        requested_at=at,
        submitted_at=at,
        ended_at=at,
        failure="The bank sent it back" if state is RefundState.FAILED else "",
        is_allocated=lines,
    )
    sale.moved(f"re{sale.charge.id}", "refund", -amount, source_id=refund.provider_id or "", at=at)
    return refund


def _refund_without_line(sale: Sale) -> str:
    refund = _refund(sale, RefundState.DONE, 400, lines=False, origin=RefundOrigin.DASHBOARD)
    sale.refunds.append((refund, []))
    return sale.order.number


def _refund_failed(sale: Sale) -> str:
    refund = _refund(sale, RefundState.FAILED, 400, lines=True, origin=RefundOrigin.DESK)
    sale.refunds.append((refund, [(sale.lines[0], 400)]))
    sale.moved(f"rf{sale.charge.id}", "refund_failure", 400, source_id=refund.provider_id or "", at=_soon(sale))
    return sale.order.number


def _refunded_premium(sale: Sale) -> str:
    line = sale.premium
    assert line is not None, "it is planted on insured sales"
    refund = _refund(sale, RefundState.DONE, line.amount_minor, lines=True, origin=RefundOrigin.DESK)
    sale.refunds.append((refund, [(line, line.amount_minor)]))
    return sale.order.number


def _disputed(sale: Sale) -> str:
    amount, at = sale.payment.amount_minor, _soon(sale)
    dispute = Dispute(
        provider_id=f"du_{sale.charge.id}", status=DisputeStatus.NEEDS_RESPONSE, reason="fraudulent",
        amount_minor=amount, fee_minor=DISPUTE_FEE, currency=sale.payment.currency, opened_at=at,
    )  # fmt: skip
    sale.disputes.append(dispute)
    sale.moved(f"du{sale.charge.id}", "dispute", -amount, source_id=dispute.provider_id, at=at, fee=DISPUTE_FEE)
    return sale.order.number


def _no_window(sale: Sale) -> str:
    sale.window = None
    return sale.order.number


def _long_window(sale: Sale) -> str:
    assert sale.window is not None, "it is planted on insured sales"
    sale.window.ends_at += A_DAY
    return sale.order.number


def _restarted(sale: Sale, at: datetime) -> None:
    sale.restarts.append(
        Run(
            kind=RunKind.RESTART, state=RunState.DONE, requested_by_id=sale.run.requested_by_id, requested_at=at,
            backup_on=at.date(), started_at=at, finished_at=at + timedelta(hours=1),
        )
    )  # fmt: skip


def _too_many_restarts(sale: Sale) -> str:
    assert sale.window is not None, "it is planted on insured sales"
    for number in range(sale.order.restarts_limit + 1):
        _restarted(sale, sale.window.opened_at + timedelta(hours=2 * number + 1))
    return sale.order.number


def _late_restart(sale: Sale) -> str:
    assert sale.window is not None, "it is planted on insured sales"
    _restarted(sale, sale.window.ends_at + timedelta(hours=1))
    return sale.order.number


def _still_covered(session: Session, sale: Sale, now: datetime) -> None:
    for cover in session.scalars(select(Cover).where(Cover.order_id == sale.order.id)):
        cover.state, cover.earned_through = CoverState.OPEN, cover.earned_through or desk_day(now)


def _one_more(session: Session, sale: Sale, _now: datetime) -> None:
    for cover in session.scalars(select(Cover).where(Cover.order_id == sale.order.id)):
        cover.earned_minor += 1


def _late_entry(session: Session, sale: Sale, now: datetime) -> None:
    entry = JournalEntry(
        cause=f"planted:{sale.order.number}", kind=EntryKind.ADJUSTMENT, happened_on=desk_day(now), posted_at=now,
        order_id=sale.order.id, words=sale.order.number, late_of=desk_day(now) - 70 * A_DAY,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    for debit, credit in ((Account.REFUNDS, Account.BANK), (Account.BANK, Account.REFUNDS)):
        session.add(Posting(entry_id=entry.id, debit=debit, credit=credit, amount_minor=100, currency="USD"))


def _number(sale: Sale) -> str:
    return sale.order.number


def _soon(sale: Sale) -> datetime:
    return sale.payment.captured_at + timedelta(hours=3)


KINDS = (
    Kind(Code.MISSING_AT_PROVIDER, _any, _missing_charge),
    Kind(Code.MISSING_IN_LEDGER, _plain, _not_posted),
    Kind(Code.MISSING_IN_LEDGER, _plain, _unknown_refund),
    Kind(Code.ORPHAN_CHARGE, _any, _orphan),
    Kind(Code.AMOUNT_MISMATCH, _any, _another_amount),
    Kind(Code.AMOUNT_MISMATCH, _plain, _paid_again(Disposition.AMOUNT_MISMATCH)),
    Kind(Code.CURRENCY_MISMATCH, _any, _another_currency),
    Kind(Code.PREMIUM_MISCALCULATED, _insured, _wrong_rate),
    Kind(Code.PREMIUM_MISCALCULATED, _insured, _wrong_base),
    Kind(Code.REFUNDED_WITH_COVER, _open, _refunded_premium, _still_covered),
    Kind(Code.REFUND_WITHOUT_LINE, _any, _refund_without_line),
    Kind(Code.REFUND_FAILED, _any, _refund_failed),
    Kind(Code.WINDOW_NEVER_OPENED, _insured, _no_window),
    Kind(Code.WINDOW_WRONG_LENGTH, _insured, _long_window),
    Kind(Code.RESTARTS_OVER_PLAN, _insured, _too_many_restarts),
    Kind(Code.RESTART_AFTER_END, _over, _late_restart),
    Kind(Code.DUPLICATE_CHARGE, _any, _charged_again),
    Kind(Code.DUPLICATE_CHARGE, _plain, _paid_again(Disposition.PAID_TWICE)),
    Kind(Code.PAID_LATE, _plain, _paid_again(Disposition.PAID_LATE)),
    Kind(Code.PAID_AFTER_CANCEL, _plain, _paid_again(Disposition.PAID_AFTER_CANCEL)),
    Kind(Code.UNEXPECTED_FEE, _any, _dear),
    Kind(Code.UNEXPECTED_FEE, _any, _stray_fee),
    Kind(Code.DISPUTE_WITH_COVER, _open, _disputed, _still_covered),
    Kind(Code.LIVEMODE_MIX, _any, _live),
    Kind(Code.LATE_IN_CLOSED_MONTH, _any, _number, _late_entry),
    Kind(Code.EARNED_OFF_SCHEDULE, _open, _number, _one_more),
)
