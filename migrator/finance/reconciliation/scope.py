"""What a look at what is new has to look at: what came or changed since the last run, and what did not fit then."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.whole_sets import execute

INTO = "INSERT INTO reconciliation_scopes (run_id, subject, row_id) SELECT DISTINCT :run, "
NEW_TRANSACTIONS = "t.id > :transactions_after AND t.id <= :transactions_through"
GATHERED = (
    f"'transaction', t.id FROM provider_transactions t WHERE {NEW_TRANSACTIONS}",
    "'transaction', d.transaction_id FROM discrepancies d WHERE d.state = 'open' AND d.transaction_id IS NOT NULL",
    # Matched by this run: it may have waited for long.
    "'transaction', m.transaction_id FROM matches m WHERE m.run_id = :run",
    f"""'payout', t.payout_id FROM provider_transactions t
        WHERE {NEW_TRANSACTIONS} AND t.payout_id IS NOT NULL""",
    "'payout', po.id FROM provider_payouts po WHERE po.id > :payouts_after",
    """'payout', po.id FROM history h JOIN provider_payouts po ON po.provider_id = h.subject_key
        WHERE h.id > :history_after AND h.subject = 'payout'""",
    "'payout', d.payout_id FROM discrepancies d WHERE d.state = 'open' AND d.payout_id IS NOT NULL",
    f"""'order', p.order_id FROM provider_transactions t
        JOIN matches m ON m.transaction_id = t.id JOIN payments p ON p.id = m.payment_id WHERE {NEW_TRANSACTIONS}""",
    "'order', p.order_id FROM matches m JOIN payments p ON p.id = m.payment_id WHERE m.run_id = :run",
    "'order', p.order_id FROM payments p WHERE p.id > :payments_after",
    # Whatever changes an order leaves a row in its history.
    "'order', h.order_id FROM history h WHERE h.id > :history_after AND h.order_id IS NOT NULL",
    "'order', e.order_id FROM journal_entries e WHERE e.id > :entries_after AND e.order_id IS NOT NULL",
    "'order', d.order_id FROM discrepancies d WHERE d.state = 'open' AND d.order_id IS NOT NULL",
)


def gather_scope(session: Session, run: ReconciliationRun) -> dict[str, int]:
    """This will write down which orders, movements and payouts the run looks at, and return how many."""
    counted = {}
    for subject in ("transaction", "payout", "order"):
        parts = [part for part in GATHERED if part.startswith(f"'{subject}'")]
        counted[f"{subject}s"] = sum(_gather(session, part, run) for part in parts)
    return counted


def _gather(session: Session, part: str, run: ReconciliationRun) -> int:
    return execute(session, f"{INTO}{part} ON CONFLICT DO NOTHING", run=run.id, **run.cursors).rowcount
