"""What has happened at the provider against what was posted (PAYMENTS, the ledger)."""

from __future__ import annotations

from migrator.finance.reconciliation.checks.check import Check
from migrator.finance.reconciliation.checks.money import CAUSE, MATCHED, MOVED
from migrator.finance.reconciliation.lifecycle import Code, Subject

EVIDENCE = {
    "balance_transaction": "t.provider_id",
    "category": "t.reporting_category",
    "gross_minor": "t.gross_minor",
    "moved_at": "INSTANT(t.created_at)",
}
# Refunds are posted when they are on their way; what fails, or is won back, is posted by its own cause.
IS_POSTED = """m.kind = 'charge'
    OR (m.kind = 'refund' AND t.reporting_category = 'refund' AND EXISTS (
        SELECT 1 FROM refunds r WHERE r.id = m.refund_id AND r.state IN ('pending', 'done')))
    OR (m.kind = 'dispute' AND t.reporting_category = 'dispute')"""

BOOKS = (
    Check(
        code=Code.MISSING_IN_LEDGER,
        key="t.provider_id",
        subject="o.number",
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MATCHED,
        where=f"e.id IS NULL AND ({IS_POSTED})",
        scope=(Subject.ORDER, "p.order_id"),
        links={
            "order_id": "p.order_id", "payment_id": "p.id", "refund_id": "m.refund_id", "transaction_id": "t.id",
            "payout_id": "t.payout_id",
        },
        evidence={**EVIDENCE, "cause": CAUSE},
    ),
    Check(
        code=Code.MISSING_IN_LEDGER,
        key="t.provider_id",
        subject="CASE WHEN t.order_number <> '' THEN t.order_number ELSE t.provider_id END",
        amount="t.gross_minor",
        currency="t.currency",
        happened="t.created_at",
        source=MOVED,
        where="""t.reporting_category IN ('refund', 'refund_failure', 'dispute', 'dispute_reversal')
            AND m.transaction_id IS NULL""",
        scope=(Subject.TRANSACTION, "t.id"),
        links={"transaction_id": "t.id", "payout_id": "t.payout_id"},
        evidence={**EVIDENCE, "source": "t.source_id", "payment_intent": "t.payment_intent_id"},
    ),
    Check(
        code=Code.LATE_IN_CLOSED_MONTH,
        key="e.cause",
        subject="e.words",
        amount="COALESCE((SELECT SUM(each.amount_minor) FROM postings each WHERE each.entry_id = e.id), 0)",
        currency="COALESCE((SELECT MIN(each.currency) FROM postings each WHERE each.entry_id = e.id), 'USD')",
        happened="e.posted_at",
        source="journal_entries e",
        where="e.late_of IS NOT NULL",
        scope=(Subject.ORDER, "e.order_id"),
        links={"order_id": "e.order_id"},
        evidence={
            "belongs_to_on": "CAST(e.late_of AS text)",
            "dated_on": "CAST(e.happened_on AS text)",
            "cause": "e.cause",
        },
    ),
)  # fmt: skip
