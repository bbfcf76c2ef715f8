"""Questions about what the provider says and what does not fit; each loads all that its page needs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from migrator.finance.reconciliation.lifecycle import ImportState, RunState
from migrator.finance.reconciliation.models import ProviderTransaction, StatementImport
from migrator.finance.reconciliation.run_models import ReconciliationRun


def run_under_way(session: Session) -> int | None:
    """This will return the run that is under way, or none."""
    return session.scalar(select(ReconciliationRun.id).where(ReconciliationRun.state == RunState.RUNNING))


def last_run(session: Session) -> ReconciliationRun | None:
    """This will return the last run that was finished, or none."""
    finished = ReconciliationRun.state == RunState.DONE
    return session.scalar(select(ReconciliationRun).where(finished).order_by(ReconciliationRun.id.desc()).limit(1))


def is_anything_new(session: Session) -> bool:
    """This will tell whether a movement has come since the last finished run."""
    last = last_run(session)
    after = last.cursors.get("transactions_through", 0) if last else 0
    return bool(session.scalar(select(exists().where(ProviderTransaction.id > after))))


def imports_under_way(session: Session) -> Sequence[tuple[int, str]]:
    """This will return the files that are being read, with their fingerprints, the first sent first."""
    wanted = select(StatementImport.id, StatementImport.sha256).where(StatementImport.state == ImportState.READING)
    return session.execute(wanted.order_by(StatementImport.id)).tuples().all()
