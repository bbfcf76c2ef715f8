"""What was issued: all of an organisation's, and an order's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request, url_for

from migrator.clock.wording import day_text
from migrator.database.session import reading
from migrator.documents.invoice import TITLES
from migrator.finance.invoices.models import Invoice
from migrator.finance.invoices.queries import cancelled_by, invoices_of, invoices_of_order
from migrator.history.actor import Role
from migrator.money import Money
from migrator.orders.queries import order_for_staff, order_of
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.invoices import pages
from migrator.web.request import organisation_id, person

PAGE_LENGTH = 30
READERS = (Role.CUSTOMER, Role.ACCOUNT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One document as a list shows it.

    :ivar cancelled_by: the number of what cancelled a credit note; else empty
    """

    number: str
    title: str
    day: str
    order_number: str
    subject: str
    total: Money
    cancelled_by: str


@pages.get("/invoices")
@open_to(Role.CUSTOMER)
def all_of_them() -> str:
    """This will list what was issued to the organisation, the newest first."""
    cursor = read_cursor(request.args.get("before"))
    before = (cursor[0], cursor[1]) if cursor and cursor[0] else None
    with reading() as session:
        found = invoices_of(session, organisation_id(), before=before, limit=PAGE_LENGTH)
        cancelled = cancelled_by(session, found)
    shown = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return render_template(
        "invoices/list.html",
        rows=[row_of(invoice, cancelled) for invoice in shown],
        older_url=url_for("invoices.all_of_them", before=cursor_of(shown[-1].issued_at, shown[-1].id)) if more else "",
        newest_url=url_for("invoices.all_of_them") if before else "",
    )


@pages.get("/orders/<number>/invoices")
@open_to(*READERS)
def of_order(number: str) -> str:
    """This will list what was issued for an order."""
    is_staff = person().actor.is_staff
    with reading() as session:
        order = order_for_staff(session, number) if is_staff else order_of(session, number, organisation_id())
        found = invoices_of_order(session, order.id)
        cancelled = cancelled_by(session, found)
    is_paid = order.paid_at is not None
    rows = [row_of(invoice, cancelled) for invoice in found]
    return render_template("invoices/of_order.html", number=order.number, rows=rows, is_paid=is_paid)


def row_of(invoice: Invoice, cancelled: Mapping[str, str]) -> InvoiceRow:
    """This will word a document for a list.

    :param cancelled: of credit notes that were cancelled, by what
    """
    return InvoiceRow(
        number=invoice.number,
        title=TITLES[invoice.kind],
        day=day_text(invoice.issued_on),
        order_number=invoice.content["order_number"],
        subject=invoice.content["subject"],
        total=invoice.total,
        cancelled_by=cancelled.get(invoice.number, ""),
    )
