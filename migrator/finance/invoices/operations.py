"""Issuing: each cause once, in the transaction that brings it about. Flushes, never commits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.catalogue.rules import LineKind
from migrator.errors import DomainError
from migrator.finance.desk_days import desk_day
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice, Seller
from migrator.finance.invoices.numbering import next_number
from migrator.finance.invoices.queries import (
    cancellation_of,
    count_of,
    credit_note_of,
    invoice_of,
    not_issued_yet,
    paid_lines,
    refunded_lines,
    seller,
)
from migrator.finance.invoices.rules import (
    Paper,
    PaperLine,
    Party,
    note_of,
    paper_from,
    paper_lines,
    share_of_tax,
    tax_of,
)
from migrator.orders.models import Order
from migrator.orders.queries import order_with_id
from migrator.orders.supplement_models import Supplement
from migrator.payments.lifecycle import Disposition
from migrator.payments.models import Payment, PaymentAttempt
from migrator.payments.refunds.lifecycle import NOT_ARRIVED, RefundState
from migrator.payments.refunds.models import Refund, RefundLine
from migrator.policy.loading import tax

NOT_FITTING = "Money that we keep until it is decided what it is for"
MONEY_BACK = "Money that we gave back"
CAME_BACK = "The bank returned the money to us, so it is still yours"


class NoTaxRate(DomainError):
    """Tax is to be charged in a country without a rate."""


def know_seller(session: Session, *, name: str, address: str, tax_id: str, tax_countries: str, now: datetime) -> None:
    """This will write down who sells, and where tax is charged, if that is otherwise than before.

    :raises NoTaxRate: for a country of which no rate is known
    """
    said = {"name": name, "address": address, "tax_id": tax_id, "tax_countries": tax_countries}
    if unknown := set(filter(None, tax_countries.split(","))) - set(tax().rates_bp):
        raise NoTaxRate(f"There is no rate of tax for {', '.join(sorted(unknown))} in policy/tax-1.toml. Add it first.")
    known = seller(session)
    if any(getattr(known, field) != value for field, value in said.items()):
        session.add(Seller(**said, since_at=now))
        session.flush()


def issue_for_payment(session: Session, payment: Payment, *, now: datetime) -> None:
    """This will issue the receipt of a payment and, where it paid for something, the invoice; each once.

    :param payment: one that was taken; its order is locked
    """
    order = order_with_id(session, payment.order_id)
    for kind in (InvoiceKind.INVOICE, InvoiceKind.RECEIPT):
        is_due = kind is InvoiceKind.RECEIPT or payment.disposition is Disposition.APPLIED
        if is_due and invoice_of(session, kind, payment.id) is None:
            _issue(session, kind, _paper_of_payment(session, order, payment), order=order, payment=payment, now=now)


def issue_for_refund(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will issue the credit note of a refund that is done, once; it names the document that it takes back.

    A refund of which nobody has said yet what it gave back waits for that; so does one of a payment without documents.
    """
    if refund.state is not RefundState.DONE or not refund.is_allocated or credit_note_of(session, refund.id):
        return
    against = invoice_of(session, InvoiceKind.INVOICE, refund.payment_id) or invoice_of(
        session, InvoiceKind.RECEIPT, refund.payment_id
    )
    if against is not None:
        order = order_with_id(session, refund.order_id)
        paper = _paper_of_refund(session, order, refund, against)
        _issue(session, InvoiceKind.CREDIT_NOTE, paper, order=order, refund=refund, now=now)


def cancel_credit_note(session: Session, refund: Refund, *, now: datetime) -> None:
    """This will issue what cancels the credit note of a refund that came back, once; what was issued stays as it is.

    It names whom the credit note was issued to, and a refund that comes back before it had one has nothing to cancel.
    """
    note = credit_note_of(session, refund.id)
    if refund.state not in NOT_ARRIVED or note is None or cancellation_of(session, refund.id):
        return
    order = order_with_id(session, refund.order_id)
    paper = replace(
        paper_from(note.content),
        seller=_seller(session),
        subject=CAME_BACK,
        happened_at=(refund.ended_at or now).isoformat(),
        against=note.number,
    )
    _issue(session, InvoiceKind.CANCELLATION, paper, order=order, refund=refund, now=now)


def issue_what_is_missing(session: Session, *, now: datetime) -> int:
    """This will issue what older payments and refunds lack, in the order of their money, dated now.

    Returns how many documents it were.
    """
    before = count_of(session)
    for cause in list(not_issued_yet(session)):
        issue(session, cause, now=now)
    return count_of(session) - before


def issue(session: Session, cause: Payment | Refund, *, now: datetime) -> None:
    """This will issue what belongs to a payment or to a refund."""
    if isinstance(cause, Payment):
        issue_for_payment(session, cause, now=now)
    else:
        issue_for_refund(session, cause, now=now)
        cancel_credit_note(session, cause, now=now)


def _issue(
    session: Session,
    kind: InvoiceKind,
    paper: Paper,
    *,
    order: Order,
    now: datetime,
    payment: Payment | None = None,
    refund: Refund | None = None,
) -> None:
    number, issued_at = next_number(session, kind, now)
    session.add(
        Invoice(
            number=number,
            kind=kind,
            order_id=order.id,
            organisation_id=order.organisation_id,
            payment_id=payment.id if payment else None,
            refund_id=refund.id if refund else None,
            against=paper.against,
            issued_at=issued_at,
            issued_on=desk_day(issued_at),
            currency=paper.currency,
            total_minor=paper.total_minor,
            tax_minor=paper.tax_minor,
            content=paper.document(),
        )
    )
    session.flush()


def _paper_of_payment(session: Session, order: Order, payment: Payment) -> Paper:
    if payment.disposition is Disposition.APPLIED:
        lines = paid_lines(session, payment)
        subject, worded, (tax, rate) = _subject(session, order, payment), paper_lines(lines), tax_of(lines)
    else:
        subject, tax, rate = NOT_FITTING, 0, None
        worded = (PaperLine(NOT_FITTING, "", payment.amount_minor),)
    return Paper(
        seller=_seller(session),
        buyer=_buyer(order),
        order_number=order.number,
        subject=subject,
        lines=worded,
        currency=payment.currency,
        net_minor=payment.amount_minor - tax,
        tax_minor=tax,
        total_minor=payment.amount_minor,
        tax_bp=rate,
        happened_at=payment.settled_at.isoformat(),
        reference=payment.payment_intent_id,
    )


def _paper_of_refund(session: Session, order: Order, refund: Refund, against: Invoice) -> Paper:
    given_back = refunded_lines(session, refund.id)
    worded = tuple(
        PaperLine(line.order_line.name, _note(line), line.amount_minor)
        for line in given_back
        if line.order_line.kind is not LineKind.TAX
    )
    tax = sum(line.amount_minor for line in given_back if line.order_line.kind is LineKind.TAX)
    if not given_back:
        tax = share_of_tax(refund.amount_minor, tax_minor=against.tax_minor, total_minor=against.total_minor)
        worded = (PaperLine(MONEY_BACK, "", refund.amount_minor - tax),)
    return Paper(
        seller=_seller(session),
        buyer=_buyer(order),
        order_number=order.number,
        subject=refund.reason or MONEY_BACK,
        lines=worded,
        currency=refund.currency,
        net_minor=refund.amount_minor - tax,
        tax_minor=tax,
        total_minor=refund.amount_minor,
        tax_bp=against.content["tax_bp"],
        happened_at=(refund.ended_at or refund.requested_at).isoformat(),
        reference=refund.provider_id or "",
        against=against.number,
    )


def _note(line: RefundLine) -> str:
    # How a whole amount came about explains no part of it.
    return note_of(line.order_line) if line.amount_minor == line.order_line.amount_minor else "In part"


def _subject(session: Session, order: Order, payment: Payment) -> str:
    attempt = session.get_one(PaymentAttempt, payment.attempt_id)
    if attempt.supplement_id is None:
        return order.terms.product_name
    return session.get_one(Supplement, attempt.supplement_id).title


def _seller(session: Session) -> Party:
    known = seller(session)
    return Party(name=known.name, address=known.address, tax_id=known.tax_id)


def _buyer(order: Order) -> Party:
    return Party(name=order.organisation.name, country=order.organisation.country, person=order.placed_by.display_name)
