"""What is posted when money goes back to a customer: refunds and disputes. Flushes, never commits.

A premium gives up its unearned part first, then what was earned; other work what is not delivered yet, and of
delivered work the refund is a cost of its own (PAYMENTS, the ledger).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.catalogue.rules import LineKind
from migrator.finance.covers.lifecycle import CoverState
from migrator.finance.covers.models import Cover
from migrator.finance.covers.operations import restore
from migrator.finance.covers.queries import cover_of_line
from migrator.finance.covers.rules import take_back
from migrator.finance.desk_days import desk_day
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.journal import Transfer, entry_of, post, transfers_of
from migrator.finance.ledger.queries import left_by_line, lines_paid_by, owed_by_line
from migrator.money import Money, allocate
from migrator.orders.models import Order, OrderLine
from migrator.orders.queries import order_with_id
from migrator.payments.disputes.lifecycle import TAKEN
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.refunds.lifecycle import ACCEPTED
from migrator.payments.refunds.models import Refund, RefundLine


def post_refund(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will post a refund that the provider has taken on; once, and its lines once they are known.

    One of the provider's dashboard that names no lines yet waits among the money that does not fit.
    """
    cause = f"refund:{refund.id}"
    if refund.state not in ACCEPTED:
        return
    order, amounts = order_with_id(session, refund.order_id), _lines_of(session, refund)
    words, on = f"Refund for {order.number}", desk_day(refund.ended_at or refund.submitted_at or now)
    made = transfers_of(session, cause)
    if not made:
        transfers = list(_give_back(session, order, amounts, Account.STRIPE_CLEARING, refund.currency))
        rest = refund.amount_minor - sum(transfer.amount_minor for transfer in transfers)
        transfers.append(Transfer(Account.UNALLOCATED_RECEIPTS, Account.STRIPE_CLEARING, rest, refund.currency))
        post(session, cause, EntryKind.REFUND, transfers, on=on, words=words, now=now, order_id=order.id)
    elif amounts and _is_unallocated(made) and entry_of(session, f"{cause}:lines") is None:
        transfers = list(_give_back(session, order, amounts, Account.UNALLOCATED_RECEIPTS, refund.currency))
        words = f"Refund for {order.number}: its lines"
        post(
            session,
            f"{cause}:lines",
            EntryKind.REFUND,
            transfers,
            on=desk_day(now),
            words=words,
            now=now,
            order_id=order.id,
        )


def post_refund_failed(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will undo what was posted for a refund that failed or was cancelled; nothing where nothing was."""
    cause, order = f"refund:{refund.id}", order_with_id(session, refund.order_id)
    made = [*transfers_of(session, cause), *transfers_of(session, f"{cause}:lines")]
    if not made or entry_of(session, f"{cause}:failed") is not None:
        return
    words, back = f"Refund for {order.number} came back", [transfer.back() for transfer in made]
    post(
        session,
        f"{cause}:failed",
        EntryKind.REFUND_FAILED,
        back,
        on=desk_day(now),
        words=words,
        now=now,
        order_id=order.id,
    )
    for cover_id in sorted({each.cover_id for each in made if each.cover_id}):
        _revive(session, order, session.get_one(Cover, cover_id, with_for_update=True), made, now=now)


def post_dispute_opened(session: Session, dispute: Dispute, *, now: datetime) -> None:
    """This will post that a bank holds a payment; an inquiry holds none. Its lines bear it by largest remainder."""
    if dispute.status not in TAKEN:
        return
    order, payment = order_with_id(session, dispute.order_id), session.get_one(Payment, dispute.payment_id)
    transfers = [
        Transfer(Account.DISPUTES, Account.STRIPE_CLEARING, amount.minor_units, dispute.currency, line_id)
        for line_id, amount in _shares(session, payment, Money(dispute.amount_minor, dispute.currency))
    ]
    words, on = f"Dispute of {order.number}", desk_day(dispute.opened_at)
    cause = f"dispute:{dispute.id}"
    post(session, cause, EntryKind.DISPUTE_OPENED, transfers, on=on, words=words, now=now, order_id=order.id)


def post_dispute_won(session: Session, dispute: Dispute, *, now: datetime) -> None:
    """This will post that a bank gave back what it held."""
    order, cause = order_with_id(session, dispute.order_id), f"dispute:{dispute.id}"
    back = [transfer.back() for transfer in transfers_of(session, cause)]
    words, on = f"Dispute of {order.number} won", desk_day(dispute.closed_at or now)
    post(session, f"{cause}:won", EntryKind.DISPUTE_WON, back, on=on, words=words, now=now, order_id=order.id)


def post_dispute_lost(session: Session, dispute: Dispute, *, now: datetime) -> None:
    """This will post that a bank keeps what it held: what is not earned yet bears it first, the rest is our loss."""
    post_dispute_opened(session, dispute, now=now)
    order, cause = order_with_id(session, dispute.order_id), f"dispute:{dispute.id}"
    if entry_of(session, f"{cause}:lost") is not None:
        return
    made = transfers_of(session, cause)
    amounts = {each.order_line_id: each.amount_minor for each in made if each.order_line_id is not None}
    transfers = [*_give_back(session, order, amounts, Account.DISPUTES, dispute.currency)]
    loose = sum(each.amount_minor for each in made if each.order_line_id is None)
    transfers.append(Transfer(Account.UNALLOCATED_RECEIPTS, Account.DISPUTES, loose, dispute.currency))
    words, on = f"Dispute of {order.number} lost", desk_day(dispute.closed_at or now)
    post(session, f"{cause}:lost", EntryKind.DISPUTE_LOST, transfers, on=on, words=words, now=now, order_id=order.id)


def _lines_of(session: Session, refund: Refund) -> Mapping[int, int]:
    wanted = select(RefundLine.order_line_id, RefundLine.amount_minor).where(RefundLine.refund_id == refund.id)
    return {row.order_line_id: row.amount_minor for row in session.execute(wanted.order_by(RefundLine.order_line_id))}


def _is_unallocated(made: Iterable[Transfer]) -> bool:
    return all(transfer.order_line_id is None for transfer in made)


def _shares(session: Session, payment: Payment, amount: Money) -> Iterator[tuple[int | None, Money]]:
    """This will divide what a bank holds over the lines of its payment by what is left of each."""
    lines = lines_paid_by(session, payment)
    left = left_by_line(session, [line.id for line in lines])
    weights = [left.get(line.id, 0) for line in lines]
    if not any(weights):
        yield None, amount
        return
    yield from zip([line.id for line in lines], allocate(amount, weights), strict=True)


def _give_back(
    session: Session, order: Order, amounts: Mapping[int, int], credit: Account, currency: str
) -> Iterator[Transfer]:
    """This will take money off what was owed or earned for lines, and yield the transfers that say so.

    :param credit: from where it goes: what is at Stripe, or what was written down before
    """
    owed = owed_by_line(session, order.id)
    for line_id, amount in amounts.items():
        line = session.get_one(OrderLine, line_id)
        if line.kind is LineKind.INSURANCE and (cover := cover_of_line(session, line_id)) is not None:
            yield from _off_premium(session, cover, amount, credit)
        elif line.kind is LineKind.TAX:
            yield Transfer(Account.SALES_TAX_PAYABLE, credit, amount, currency, line_id)
        else:
            undelivered = min(amount, max(owed.get(line_id, 0), 0))
            yield Transfer(Account.CONTRACT_LIABILITY, credit, undelivered, currency, line_id)
            yield from _off_delivered(amount - undelivered, credit, currency, line_id)


def _off_delivered(amount: int, credit: Account, currency: str, line_id: int) -> Iterator[Transfer]:
    # What was lost in a dispute is a loss already, and stays where it was written down.
    if credit is not Account.DISPUTES:
        yield Transfer(Account.REFUNDS, credit, amount, currency, line_id)


def _off_premium(session: Session, cover: Cover, amount: int, credit: Account) -> Iterator[Transfer]:
    unearned, earned = take_back(amount, unearned_minor=cover.unearned_minor, earned_minor=cover.earned_minor)
    cover.refunded_minor += unearned + earned
    cover.earned_minor -= earned
    if cover.refunded_minor == cover.premium_minor:
        cover.state = CoverState.VOID
    session.flush()
    parts = ((Account.DEFERRED_INSURANCE, unearned), (Account.REVENUE_INSURANCE, earned))
    for debit, part in parts:
        yield Transfer(debit, credit, part, cover.currency, cover.order_line_id, cover.id)
    yield from _off_delivered(amount - unearned - earned, credit, cover.currency, cover.order_line_id)


def _revive(session: Session, order: Order, cover: Cover, made: Sequence[Transfer], *, now: datetime) -> None:
    """This will put back what a refund had taken off a premium, and let the cover stand where its window says."""
    mine = [each for each in made if each.cover_id == cover.id]
    taken = (Account.DEFERRED_INSURANCE, Account.REVENUE_INSURANCE)
    cover.refunded_minor -= sum(each.amount_minor for each in mine if each.debit in taken)
    cover.earned_minor += sum(each.amount_minor for each in mine if each.debit is Account.REVENUE_INSURANCE)
    if cover.state in {CoverState.ENDED, CoverState.VOID}:
        cover.state = CoverState.SUSPENDED
        restore(session, order, cover, now=now)
    session.flush()
