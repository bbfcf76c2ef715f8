"""The states of a payment attempt and of a provider's event, and what can become of money. Pure."""

from __future__ import annotations

from enum import StrEnum


class AttemptState(StrEnum):
    """Where an attempt stands: prepared (ours alone), open at the provider, then one of three ends."""

    PREPARED = "prepared"
    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


UNSETTLED = frozenset({AttemptState.PREPARED, AttemptState.OPEN})


class Disposition(StrEnum):
    """What a payment did: it paid its order, or it is money that does not fit (PAYMENTS, rule 5)."""

    APPLIED = "applied"
    PAID_LATE = "paid_late"
    PAID_TWICE = "paid_twice"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    AMOUNT_MISMATCH = "amount_mismatch"


class Resolution(StrEnum):
    """How finance ended money that did not fit: it went back, or it stays, with a reason."""

    REFUNDED = "refunded"
    WAIVED = "waived"


class EventState(StrEnum):
    """Where a provider's event stands."""

    STORED = "stored"
    SETTLED = "settled"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
