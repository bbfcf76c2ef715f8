"""One document as it was issued: the page, and the same as PDF."""

from __future__ import annotations

from flask import Response, render_template

from migrator.database.session import reading
from migrator.documents.invoice import sheet_of_invoice, words_of
from migrator.documents.setting import pdf
from migrator.finance.invoices.models import Invoice
from migrator.finance.invoices.queries import cancelled_by, invoice_named
from migrator.web.audience import open_to
from migrator.web.invoices import pages
from migrator.web.invoices.listing import READERS
from migrator.web.request import person


@pages.get("/invoices/<number>")
@open_to(*READERS)
def paper(number: str) -> str:
    """This will show a document."""
    invoice, cancelled = _invoice(number)
    return render_template(
        "invoices/paper.html",
        paper=words_of(invoice),
        order_number=invoice.content["order_number"],
        cancelled_by=cancelled,
    )


@pages.get("/invoices/<number>.pdf")
@open_to(*READERS)
def paper_as_pdf(number: str) -> Response:
    """This will answer a document as PDF; the same bytes whenever it is asked for."""
    invoice, _cancelled = _invoice(number)
    answer = Response(pdf("invoice", sheet_of_invoice(invoice)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{invoice.number}.pdf"'
    return answer


def _invoice(number: str) -> tuple[Invoice, str]:
    reader = person()
    with reading() as session:
        found = invoice_named(session, number, None if reader.actor.is_staff else reader.organisation_id)
        return found, cancelled_by(session, [found]).get(found.number, "")
