"""What was issued, in words: the same for the page and for the PDF. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.clock.wording import day_text, place_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import Row, given, moment
from migrator.finance.desk_days import desk_zone
from migrator.finance.invoices.lifecycle import InvoiceKind
from migrator.finance.invoices.models import Invoice
from migrator.finance.invoices.rules import Paper, Party, paper_from
from migrator.money import Money, rate_text
from migrator.policy.countries import country_name

TITLES = {
    InvoiceKind.INVOICE: "Invoice",
    InvoiceKind.RECEIPT: "Receipt",
    InvoiceKind.CREDIT_NOTE: "Credit note",
    InvoiceKind.CANCELLATION: "Cancellation of a credit note",
}
MOVED = {
    InvoiceKind.INVOICE: "Paid",
    InvoiceKind.RECEIPT: "Received",
    InvoiceKind.CREDIT_NOTE: "Given back",
    InvoiceKind.CANCELLATION: "Came back to us",
}
REFERENCES = {
    InvoiceKind.INVOICE: "Payment reference",
    InvoiceKind.RECEIPT: "Payment reference",
    InvoiceKind.CREDIT_NOTE: "Refund reference",
    InvoiceKind.CANCELLATION: "Refund reference",
}
AGAINST = {InvoiceKind.CREDIT_NOTE: "Takes back", InvoiceKind.CANCELLATION: "Cancels"}


@dataclass(frozen=True, slots=True)
class PaperWords:
    """A document in words.

    :ivar sums: what the lines come to, the tax and the total, each with its name; the last is the total
    """

    title: str
    number: str
    lead: str
    seller: tuple[str, ...]
    buyer: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[Row, ...]
    sums: tuple[Row, ...]


def words_of(invoice: Invoice) -> PaperWords:
    """This will put what was issued into words; what was frozen then is all that it reads."""
    paper = paper_from(invoice.content)
    return PaperWords(
        title=TITLES[invoice.kind],
        number=invoice.number,
        lead=_lead(invoice, paper),
        seller=_party(paper.seller),
        buyer=_party(paper.buyer),
        rows=tuple(_rows(invoice, paper)),
        lines=tuple((_name(line.name, line.note), _amount(line.amount_minor, paper)) for line in paper.lines),
        sums=tuple(_sums(paper)),
    )


def sheet_of_invoice(invoice: Invoice) -> Sheet:
    """This will return what was issued as it is set for print."""
    words = words_of(invoice)
    return Sheet(
        title=words.title,
        number=words.number,
        made_at=invoice.issued_at,
        zone=desk_zone(),
        facts={
            "lead": words.lead,
            "seller": "\n".join(words.seller),
            "buyer": "\n".join(words.buyer),
            "rows": words.rows,
            "lines": words.lines,
            "sums": words.sums,
        },
    )


def _lead(invoice: Invoice, paper: Paper) -> str:
    total = invoice.total
    match invoice.kind:
        case InvoiceKind.INVOICE:
            return f"{total} for {paper.subject}. It is paid: nothing is open."
        case InvoiceKind.RECEIPT:
            return f"{paper.seller.name} has received {total} from {paper.buyer.name}."
        case InvoiceKind.CANCELLATION:
            return f"{total} did not reach {paper.buyer.name}: credit note {invoice.against} no longer counts."
    return f"{paper.seller.name} has given {total} back to {paper.buyer.name}."


def _rows(invoice: Invoice, paper: Paper) -> list[Row]:
    zone = desk_zone()
    moved = moment(datetime.fromisoformat(paper.happened_at), zone)
    return given(
        (
            ("Number", invoice.number),
            ("Issued on", day_text(invoice.issued_on)),
            (AGAINST.get(invoice.kind, ""), invoice.against),
            ("Why", paper.subject if invoice.kind in AGAINST else ""),
            ("Order", paper.order_number),
            (MOVED[invoice.kind], f"{moved} {place_text(zone)}, by card"),
            (REFERENCES[invoice.kind], paper.reference),
        )
    )


def _party(party: Party) -> tuple[str, ...]:
    lines = (party.name, party.person, *party.address.splitlines(), country_name(party.country), party.tax_id)
    return tuple(line for line in lines if line)


def _name(name: str, note: str) -> str:
    return f"{name}\n{note}" if note else name


def _amount(minor_units: int, paper: Paper) -> str:
    return str(Money(minor_units, paper.currency)) if minor_units else "Included"


def _sums(paper: Paper) -> list[Row]:
    total = ("Total", str(Money(paper.total_minor, paper.currency)))
    if paper.tax_bp is None:
        return [("Tax", "None added"), total]
    net = str(Money(paper.net_minor, paper.currency))
    tax = str(Money(paper.tax_minor, paper.currency))
    return [("Without tax", net), (f"Tax, {rate_text(paper.tax_bp)}", tax), total]
