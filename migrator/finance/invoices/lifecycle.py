"""The kinds of what is issued to customers. Pure."""

from __future__ import annotations

from enum import StrEnum


class InvoiceKind(StrEnum):
    """What a document says: what was bought, that its money came, or that money went back."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


PREFIXES = {InvoiceKind.INVOICE: "INV", InvoiceKind.RECEIPT: "REC", InvoiceKind.CREDIT_NOTE: "CRN"}
