"""What is posted of the provider's statements: its fees, and what it paid out to our bank. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.orm import Session

from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.journal import Transfer, post, transfers_of
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.ledger.queries import lines_paid_by
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.money import Money, allocate
from migrator.payments.models import Payment

# What is posted with its own cause: payments, refunds, disputes and payouts.
OURS = ("charge", "payment", "refund", "payment_refund", "refund_failure", "dispute", "dispute_reversal")
PAYOUTS = ("payout", "payout_reversal", "payout_cancel", "payout_failure")
PAID_OUT = frozenset({"paid", "in_transit"})
TAKEN_BACK = frozenset({"failed", "canceled"})


def post_fee(session: Session, transaction: ProviderTransaction, *, now: datetime) -> None:
    """This will post the provider's fee of a movement, divided over the order's lines by largest remainder; once.

    A movement that is neither ours nor a payout, such as a monthly fee, is a fee as a whole.
    """
    whole = 0 if transaction.reporting_category in (*OURS, *PAYOUTS) else -transaction.gross_minor
    amount = transaction.fee_minor + whole
    is_dispute = transaction.reporting_category.startswith("dispute")
    account = Account.DISPUTE_FEES if is_dispute else Account.PROCESSING_FEES
    payment = _payment_behind(session, transaction)
    transfers = [_fee(account, share, line_id) for line_id, share in _shares(session, payment, transaction, amount)]
    words = f"Stripe: {transaction.reporting_category.replace('_', ' ')}"
    post(
        session,
        f"fee:{transaction.provider_id}",
        EntryKind.FEE,
        transfers,
        on=desk_day(transaction.created_at),
        words=words,
        now=now,
        order_id=payment.order_id if payment else None,
    )


def post_payout(session: Session, payout: ProviderPayout, *, now: datetime) -> None:
    """This will post what the provider sends to our bank, and take it back where the payout failed; each once."""
    cause, on = f"payout:{payout.provider_id}", desk_day(payout.created_at)
    sides = (Account.BANK, Account.STRIPE_CLEARING)
    debit, credit = sides if payout.amount_minor >= 0 else sides[::-1]
    transfer = Transfer(debit, credit, abs(payout.amount_minor), payout.currency)
    if payout.status in PAID_OUT:
        post(session, cause, EntryKind.PAYOUT, [transfer], on=on, words="Payout to our bank", now=now)
    elif payout.status in TAKEN_BACK:
        back = [each.back() for each in transfers_of(session, cause)]
        words = "Payout came back"
        post(session, f"{cause}:failed", EntryKind.PAYOUT, back, on=desk_day(now), words=words, now=now)


def post_statements(session: Session, *, now: datetime, limit: int) -> int:
    """This will post the next fees and payouts that were not posted yet, and return how many were looked at."""
    transactions, payouts = _unposted_fees(session, limit), _unposted_payouts(session, limit)
    for transaction in transactions:
        post_fee(session, transaction, now=now)
    for payout in payouts:
        post_payout(session, payout, now=now)
    return len(transactions) + len(payouts)


def unposted_amounts(session: Session) -> dict[str, int]:
    """This will return, by currency, the fees and payouts of statements that are not posted yet."""
    fee = ProviderTransaction.fee_minor + case((_is_other(), -ProviderTransaction.gross_minor), else_=0)
    sent = case((ProviderPayout.status.in_(PAID_OUT), ProviderPayout.amount_minor), else_=-ProviderPayout.amount_minor)
    sums: dict[str, int] = {}
    for wanted in (
        select(ProviderTransaction.currency, func.sum(fee))
        .where(*_fee_is_due())
        .group_by(ProviderTransaction.currency),
        select(ProviderPayout.currency, func.sum(sent)).where(*_payout_is_due()).group_by(ProviderPayout.currency),
    ):
        for currency, amount in session.execute(wanted):
            sums[currency] = sums.get(currency, 0) + int(amount)
    return sums


def _unposted_fees(session: Session, limit: int) -> Sequence[ProviderTransaction]:
    wanted = select(ProviderTransaction).where(*_fee_is_due()).order_by(ProviderTransaction.id)
    return session.scalars(wanted.limit(limit)).all()


def _unposted_payouts(session: Session, limit: int) -> Sequence[ProviderPayout]:
    wanted = select(ProviderPayout).where(*_payout_is_due()).order_by(ProviderPayout.id)
    return session.scalars(wanted.limit(limit)).all()


def _is_other() -> ColumnElement[bool]:
    return ProviderTransaction.reporting_category.not_in((*OURS, *PAYOUTS))


def _fee_is_due() -> tuple[ColumnElement[bool], ...]:
    has_fee = case((_is_other(), ProviderTransaction.net_minor), else_=ProviderTransaction.fee_minor) != 0
    return has_fee, ~_is_posted(literal("fee:") + ProviderTransaction.provider_id)


def _payout_is_due() -> tuple[ColumnElement[bool], ...]:
    cause = literal("payout:") + ProviderPayout.provider_id
    is_due = ProviderPayout.status.in_(PAID_OUT) & ~_is_posted(cause)
    is_back = ProviderPayout.status.in_(TAKEN_BACK) & _is_posted(cause) & ~_is_posted(cause + literal(":failed"))
    return ProviderPayout.amount_minor != 0, is_due | is_back


def _is_posted(cause: ColumnElement[str]) -> ColumnElement[bool]:
    return select(JournalEntry.id).where(JournalEntry.cause == cause).exists()


def _payment_behind(session: Session, transaction: ProviderTransaction) -> Payment | None:
    if transaction.payment_intent_id:
        wanted = select(Payment).where(Payment.payment_intent_id == transaction.payment_intent_id)
        if (found := session.scalar(wanted)) is not None:
            return found
    if not transaction.charge_id:
        return None
    return session.scalar(select(Payment).where(Payment.charge_id == transaction.charge_id).limit(1))


def _shares(
    session: Session, payment: Payment | None, transaction: ProviderTransaction, amount: int
) -> Iterator[tuple[int | None, Money]]:
    lines = lines_paid_by(session, payment) if payment else []
    weights = [line.amount_minor for line in lines]
    money = Money(amount, transaction.currency)
    if not any(weights):
        yield None, money
        return
    yield from zip([line.id for line in lines], allocate(money, weights), strict=True)


def _fee(account: Account, amount: Money, line_id: int | None) -> Transfer:
    sides = (account, Account.STRIPE_CLEARING)
    debit, credit = sides if amount.minor_units >= 0 else sides[::-1]
    return Transfer(debit, credit, abs(amount.minor_units), amount.currency, line_id)
