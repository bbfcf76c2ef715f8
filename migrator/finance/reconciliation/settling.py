"""The switch at the end of a run: what was found becomes what does not fit, and what no longer holds is closed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.finance.reconciliation.lifecycle import Code, RunKind
from migrator.finance.reconciliation.rules import MEANINGS, RANKS
from migrator.finance.reconciliation.run_models import ReconciliationRun
from migrator.finance.whole_sets import execute

FIGURES = (
    "subject", "amount_minor", "currency", "happened_at", "order_id", "payment_id", "refund_id", "transaction_id",
    "cover_id", "payout_id", "evidence",
)  # fmt: skip
# Resolved says that it was mended, so finding it again proves otherwise; a waiver holds for the amount waived.
COMES_BACK = """EXISTS (
    SELECT 1 FROM reconciliation_findings f WHERE f.run_id = :run AND f.fingerprint = discrepancies.fingerprint
        AND (discrepancies.state = 'resolved'
            OR (discrepancies.state = 'waived' AND discrepancies.waived_minor <> f.amount_minor)))"""
GONE = """discrepancies.state = 'open' AND {within} AND NOT EXISTS (
    SELECT 1 FROM reconciliation_findings f WHERE f.run_id = :run AND f.fingerprint = discrepancies.fingerprint)"""
SCOPED = """({}) IN (SELECT s.row_id FROM reconciliation_scopes s WHERE s.run_id = :run AND s.subject = '{}')"""
IN_SCOPE = "(" + " OR ".join(SCOPED.format(f"{name}_id", name) for name in ("order", "transaction", "payout")) + ")"
COMMENT = """
INSERT INTO discrepancy_comments (discrepancy_id, run_id, body, written_at)
SELECT id, :run, '{words}', :now FROM discrepancies WHERE {which}
"""
REOPEN = f"""
UPDATE discrepancies SET state = 'open', reason = '', proposed_state = NULL, resolved_by_id = NULL,
    approved_by_id = NULL, closed_at = NULL, closed_by_run_id = NULL, waived_minor = NULL, found_at = :now,
    version = version + 1
WHERE {COMES_BACK}
"""
CLOSE = """
UPDATE discrepancies SET state = 'resolved', reason = 'A run no longer found it.', proposed_state = NULL,
    resolved_by_id = NULL, approved_by_id = NULL, closed_at = :now, closed_by_run_id = :run, version = version + 1
WHERE {gone}
"""
SEVERITY = " ".join(f"WHEN '{code}' THEN '{MEANINGS[code].severity}'" for code in Code)
RANK = " ".join(f"WHEN '{code}' THEN {RANKS[MEANINGS[code].severity]}" for code in Code)
KEEP = f"""
INSERT INTO discrepancies (code, fingerprint, {", ".join(FIGURES)}, severity, rank, state, reason, found_at,
    last_seen_run_id, version)
SELECT f.code, f.fingerprint, {", ".join(f"f.{name}" for name in FIGURES)}, CASE f.code {SEVERITY} END,
    CASE f.code {RANK} END, 'open', '', :now, :run, 1
FROM reconciliation_findings f WHERE f.run_id = :run
ON CONFLICT (fingerprint) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in FIGURES)},
    last_seen_run_id = excluded.last_seen_run_id
"""


def settle_findings(session: Session, run: ReconciliationRun, *, now: datetime) -> dict[str, int]:
    """This will open what was found, open again what came back, close what no longer holds; returns how much of each.

    A look at what is new closes only what it has looked at.
    """
    gone = GONE.format(within="1 = 1" if run.kind is RunKind.FULL else IN_SCOPE)
    for words, which in (("Found again.", COMES_BACK), ("No longer found, and closed.", gone)):
        execute(session, COMMENT.format(words=words, which=which), run=run.id, now=now)
    reopened = execute(session, REOPEN, run=run.id, now=now).rowcount
    closed = execute(session, CLOSE.format(gone=gone), run=run.id, now=now).rowcount
    execute(session, KEEP, run=run.id, now=now)
    forget_findings(session, run.id)
    session.expire_all()
    return {"reopened": reopened, "closed": closed}


def forget_findings(session: Session, run_id: int) -> None:
    """This will put away what a run has set aside."""
    execute(session, "DELETE FROM reconciliation_findings WHERE run_id = :run", run=run_id)
    execute(session, "DELETE FROM reconciliation_scopes WHERE run_id = :run", run=run_id)
