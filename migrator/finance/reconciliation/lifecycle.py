"""The states of runs, imports, proposals and discrepancies, and every code of what does not fit. Pure."""

from __future__ import annotations

from enum import StrEnum


class TransactionSource(StrEnum):
    """How a balance transaction came to us."""

    API = "api"
    FILE = "file"


class StatementKind(StrEnum):
    """Which of the provider's itemized files it is."""

    PAYOUT_RECONCILIATION = "payout_reconciliation"
    BALANCE_CHANGE = "balance_change"


class ImportState(StrEnum):
    """Where a file stands: its rows wait aside while it is read, and count only when all of them are there."""

    READING = "reading"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    DONE = "done"


class RunKind(StrEnum):
    """The audit of everything, or a look at what is new since the last run."""

    FULL = "full"
    NEW = "new"


class RunState(StrEnum):
    """Where a run stands; an interrupted one goes on with the step that it stopped before."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    DONE = "done"
    FAILED = "failed"


class Subject(StrEnum):
    """What a look at what is new looks at."""

    ORDER = "order"
    TRANSACTION = "transaction"
    PAYOUT = "payout"


class MatchedKind(StrEnum):
    """What a matched movement is."""

    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"


class MatchRule(StrEnum):
    """Why a balance transaction belongs to its payment, refund, dispute or payout, the strongest first."""

    METADATA = "metadata"
    PAYMENT_INTENT = "payment_intent"
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    REFERENCE = "reference"
    CONFIRMED = "confirmed"


class ProposalState(StrEnum):
    """Whether a person has decided on a proposed match; one that no longer fits lapses by itself."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class Severity(StrEnum):
    """How much it matters: a blocking one keeps the month from being locked."""

    BLOCKING = "blocking"
    SERIOUS = "serious"
    MINOR = "minor"


class DiscrepancyState(StrEnum):
    """Whether it still asks for somebody."""

    OPEN = "open"
    RESOLVED = "resolved"
    WAIVED = "waived"


class Code(StrEnum):
    """What does not fit."""

    MISSING_AT_PROVIDER = "missing_at_provider"
    MISSING_IN_LEDGER = "missing_in_ledger"
    ORPHAN_CHARGE = "orphan_charge"
    AMOUNT_MISMATCH = "amount_mismatch"
    CURRENCY_MISMATCH = "currency_mismatch"
    PREMIUM_MISCALCULATED = "premium_miscalculated"
    REFUNDED_WITH_COVER = "refunded_with_cover"
    REFUND_WITHOUT_LINE = "refund_without_line"
    REFUND_FAILED = "refund_failed"
    WINDOW_NEVER_OPENED = "window_never_opened"
    WINDOW_WRONG_LENGTH = "window_wrong_length"
    RESTARTS_OVER_PLAN = "restarts_over_plan"
    RESTART_AFTER_END = "restart_after_end"
    DUPLICATE_CHARGE = "duplicate_charge"
    PAID_LATE = "paid_late"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    UNEXPECTED_FEE = "unexpected_fee"
    DISPUTE_WITH_COVER = "dispute_with_cover"
    PAYOUT_SUM_DIFFERS = "payout_sum_differs"
    PAYOUT_NOT_AT_BANK = "payout_not_at_bank"
    LATE_IN_CLOSED_MONTH = "late_in_closed_month"
    LIVEMODE_MIX = "livemode_mix"
    EARNED_OFF_SCHEDULE = "earned_off_schedule"
