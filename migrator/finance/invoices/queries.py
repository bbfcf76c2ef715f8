"""Questions about what was issued. A customer's are asked with the organisation, so that nobody else's is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice, Seller
from migrator.orders.models import OrderLine
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.refunds.lifecycle import NOT_ARRIVED, RefundState
from migrator.payments.refunds.models import Refund, RefundLine

NO_SUCH_INVOICE = "There is no such invoice."
NOBODY = Seller(name="Migrator", address="", tax_id="", tax_countries="")


def seller(session: Session) -> Seller:
    """This will return who sells now."""
    return session.scalar(select(Seller).order_by(Seller.id.desc()).limit(1)) or NOBODY


def invoice_of(session: Session, kind: InvoiceKind, payment_id: int) -> Invoice | None:
    """This will return what was issued of a kind for a payment, or none."""
    return session.scalar(select(Invoice).where(Invoice.payment_id == payment_id, Invoice.kind == kind))


def credit_note_of(session: Session, refund_id: int) -> Invoice | None:
    """This will return the credit note of a refund, or none."""
    return _of_refund(session, InvoiceKind.CREDIT_NOTE, refund_id)


def cancellation_of(session: Session, refund_id: int) -> Invoice | None:
    """This will return what cancelled the credit note of a refund, or none."""
    return _of_refund(session, InvoiceKind.CANCELLATION, refund_id)


def cancelled_by(session: Session, papers: Sequence[Invoice]) -> dict[str, str]:
    """This will return the numbers of credit notes among some documents that were cancelled, each with what by."""
    refund_ids = [paper.refund_id for paper in papers if paper.kind is InvoiceKind.CREDIT_NOTE]
    if not refund_ids:
        return {}
    wanted = select(Invoice.against, Invoice.number).where(
        Invoice.refund_id.in_(refund_ids), Invoice.kind == InvoiceKind.CANCELLATION
    )
    return {row.against: row.number for row in session.execute(wanted)}


def invoice_named(session: Session, number: str, organisation_id: int | None) -> Invoice:
    """This will return what was issued under a number.

    :param organisation_id: whose it must be; none for staff
    :raises NotFound: when there is none, or it is somebody else's
    """
    wanted = select(Invoice).where(Invoice.number == number.strip().upper())
    if organisation_id is not None:
        wanted = wanted.where(Invoice.organisation_id == organisation_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound(NO_SUCH_INVOICE)
    return found


def count_of(session: Session) -> int:
    """This will return how many documents were issued ever."""
    return session.scalar(select(func.count()).select_from(Invoice)) or 0


def invoices_of_order(session: Session, order_id: int) -> Sequence[Invoice]:
    """This will return what was issued for an order, in the order of issue."""
    return session.scalars(select(Invoice).where(Invoice.order_id == order_id).order_by(Invoice.id)).all()


def invoices_of(
    session: Session, organisation_id: int, *, before: tuple[datetime, int] | None, limit: int
) -> Sequence[Invoice]:
    """This will return what was issued to an organisation, the newest first; one more than `limit` where there is more.

    :param before: when the last one of the page before was issued, and its row's number
    """
    wanted = select(Invoice).where(Invoice.organisation_id == organisation_id)
    if before is not None:
        at, row_id = before
        wanted = wanted.where((Invoice.issued_at < at) | ((Invoice.issued_at == at) & (Invoice.id < row_id)))
    return session.scalars(wanted.order_by(Invoice.issued_at.desc(), Invoice.id.desc()).limit(limit + 1)).all()


def paid_lines(session: Session, payment: Payment) -> Sequence[OrderLine]:
    """This will return the order lines that an applied payment paid for."""
    attempt = session.get_one(PaymentAttempt, payment.attempt_id)
    theirs = OrderLine.supplement_id.is_not_distinct_from(attempt.supplement_id)
    return session.scalars(
        select(OrderLine).where(OrderLine.order_id == payment.order_id, theirs).order_by(OrderLine.id)
    ).all()


def refunded_lines(session: Session, refund_id: int) -> Sequence[RefundLine]:
    """This will return how much of which order lines a refund gave back."""
    return session.scalars(
        select(RefundLine)
        .where(RefundLine.refund_id == refund_id)
        .order_by(RefundLine.order_line_id)
        .options(joinedload(RefundLine.order_line, innerjoin=True))
    ).all()


def not_issued_yet(session: Session) -> Iterator[Payment | Refund]:
    """This will return payments, and refunds that are done or came back, that lack a document, by the time of it."""
    has_receipt = select(Invoice.id).where(Invoice.payment_id == Payment.id, Invoice.kind == InvoiceKind.RECEIPT)
    has_invoice = select(Invoice.id).where(Invoice.payment_id == Payment.id, Invoice.kind == InvoiceKind.INVOICE)
    applied = Payment.disposition == Disposition.APPLIED
    payments = session.scalars(select(Payment).where(~has_receipt.exists() | (applied & ~has_invoice.exists())))
    of_refund = select(Invoice.id).where(Invoice.refund_id == Refund.id)
    credited = of_refund.where(Invoice.kind == InvoiceKind.CREDIT_NOTE).exists()
    cancelled = of_refund.where(Invoice.kind == InvoiceKind.CANCELLATION).exists()
    done = (Refund.state == RefundState.DONE) & Refund.is_allocated & ~credited
    came_back = Refund.state.in_(NOT_ARRIVED) & credited & ~cancelled
    refunds = session.scalars(select(Refund).where(done | came_back))
    moments: list[tuple[datetime, int, Payment | Refund]] = [
        *((payment.settled_at, 0, payment) for payment in payments),
        *((refund.ended_at or refund.requested_at, 1, refund) for refund in refunds),
    ]
    yield from (cause for _at, _kind, cause in sorted(moments, key=lambda one: (one[0], one[1], one[2].id)))


def _of_refund(session: Session, kind: InvoiceKind, refund_id: int) -> Invoice | None:
    return session.scalar(select(Invoice).where(Invoice.refund_id == refund_id, Invoice.kind == kind))
