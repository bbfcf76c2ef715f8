"""What an invoice, a receipt, a credit note and its cancellation say, frozen when they are issued. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from migrator.catalogue.rules import LineKind
from migrator.finance.invoices.lifecycle import PREFIXES, InvoiceKind
from migrator.money import Money, rate_text
from migrator.orders.models import OrderLine

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or who buys, as it was when the document was issued; empty texts are left out where it is shown."""

    name: str
    address: str = ""
    country: str = ""
    tax_id: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line: what it is for, how its amount came about where that needs words, and the amount without tax."""

    name: str
    note: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that a document says; `document()` is what the database keeps of it.

    :ivar subject: what it is for: the order's product, a supplement, or why money went back
    :ivar tax_bp: the rate of its tax; nothing where none was charged
    :ivar happened_at: when the money came or went, as ISO text in UTC
    :ivar reference: the provider's name of that payment or refund
    :ivar against: the number of what it takes back or cancels; empty for invoices and receipts
    """

    seller: Party
    buyer: Party
    order_number: str
    subject: str
    lines: tuple[PaperLine, ...]
    currency: str
    net_minor: int
    tax_minor: int
    total_minor: int
    tax_bp: int | None
    happened_at: str
    reference: str
    against: str = ""

    def document(self) -> dict[str, Any]:
        """This will return it as a document that the database keeps."""
        return asdict(self)


def paper_from(document: dict[str, Any]) -> Paper:
    """This will return what a document of the database says."""
    return Paper(
        **{
            **document,
            "seller": Party(**document["seller"]),
            "buyer": Party(**document["buyer"]),
            "lines": tuple(PaperLine(**line) for line in document["lines"]),
        }
    )


def number_text(series: str, number: int) -> str:
    """This will return a number as people read it: `INV-2026-0042`."""
    return f"{series}-{number:0{DIGITS}}"


def series_of(kind: InvoiceKind, year: int) -> str:
    """This will return the series of a kind; each begins anew with the year at the desk."""
    return f"{PREFIXES[kind]}-{year}"


def paper_lines(lines: Sequence[OrderLine]) -> tuple[PaperLine, ...]:
    """This will word the lines that were paid for; the tax stands by itself below them."""
    return tuple(
        PaperLine(line.name, note_of(line), line.amount_minor) for line in lines if line.kind is not LineKind.TAX
    )


def note_of(line: OrderLine) -> str:
    """This will say how a line's amount came about: the discount, or the insurance's calculation (RULES C-075)."""
    if line.listed and line.discount_bp:
        return f"{line.listed} less the non-profit discount of {rate_text(line.discount_bp)}"
    if line.base_minor is not None and line.rate_bp is not None:
        return f"{rate_text(line.rate_bp)} of {Money(line.base_minor, line.currency)} = {line.amount}"
    return ""


def tax_of(lines: Sequence[OrderLine]) -> tuple[int, int | None]:
    """This will return the tax among the lines, and its rate; nothing and none where none was charged."""
    taxes = [line for line in lines if line.kind is LineKind.TAX]
    return sum(line.amount_minor for line in taxes), next((line.rate_bp for line in taxes), None)


def share_of_tax(amount_minor: int, *, tax_minor: int, total_minor: int) -> int:
    """This will return the tax in a part of an amount, half-up, where nobody has said of which lines the part is."""
    return (amount_minor * tax_minor * 2 + total_minor) // (total_minor * 2)
