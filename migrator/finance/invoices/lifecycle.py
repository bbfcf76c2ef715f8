"""The kinds of what is issued to customers. Pure."""

from __future__ import annotations

from enum import StrEnum


class InvoiceKind(StrEnum):
    """What a document says: what was bought, that its money came, that money went back, or that it did not arrive."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    CANCELLATION = "cancellation"


PREFIXES = {
    InvoiceKind.INVOICE: "INV",
    InvoiceKind.RECEIPT: "REC",
    InvoiceKind.CREDIT_NOTE: "CRN",
    InvoiceKind.CANCELLATION: "CAN",
}
