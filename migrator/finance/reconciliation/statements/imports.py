"""Keeping a file: its rows are set aside batch by batch, and count all at once. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from migrator.errors import DomainError
from migrator.finance.reconciliation.lifecycle import ImportState, StatementKind
from migrator.finance.reconciliation.models import StatementImport, StatementRow
from migrator.finance.reconciliation.statements.reading import BadStatement, Row
from migrator.finance.whole_sets import execute

MOST_NOTES = 20
FIGURES = ("gross_minor", "fee_minor", "net_minor", "currency")
COLUMNS = (
    "provider_id", "reporting_category", "kind", *FIGURES, "created_at", "available_on", "source_id", "charge_id",
    "payment_intent_id", "order_key", "customer_email", "livemode", "raw",
)  # fmt: skip
CONFLICT = f"""
SELECT r.line, r.provider_id FROM statement_rows r JOIN provider_transactions t ON t.provider_id = r.provider_id
WHERE r.import_id = :import_id AND ({" OR ".join(f"t.{name} <> r.{name}" for name in FIGURES)}) ORDER BY r.line LIMIT 1
"""
# The payout's own movement says its amount; a file by payouts lists its parts instead, which are all of it.
TAKE_PAYOUTS = """
INSERT INTO provider_payouts (provider_id, amount_minor, currency, status, arrival_on, created_at, livemode,
    is_itemized, version)
SELECT named.provider_id, COALESCE(MAX(named.own_minor), SUM(named.part_minor)), MIN(named.currency), 'paid',
    MAX(named.arrival_on), MAX(named.created_at), named.livemode, MAX(named.is_part) = 1, 1
FROM (
    SELECT CASE WHEN r.payout_key <> '' THEN r.payout_key ELSE r.source_id END AS provider_id, r.currency,
        CASE WHEN r.reporting_category = 'payout' THEN -r.net_minor END AS own_minor,
        CASE WHEN r.reporting_category = 'payout' THEN 0 ELSE r.net_minor END AS part_minor,
        CASE WHEN r.reporting_category = 'payout' THEN 0 ELSE 1 END AS is_part,
        COALESCE(r.payout_arrival_on, CASE WHEN r.reporting_category = 'payout' THEN r.available_on END) AS arrival_on,
        r.created_at, r.livemode
    FROM statement_rows r
    WHERE r.import_id = :import_id AND (r.payout_key <> '' OR (r.reporting_category = 'payout' AND r.source_id <> ''))
) AS named
GROUP BY named.provider_id, named.livemode
ON CONFLICT (provider_id) DO NOTHING
"""
TAKE = f"""
INSERT INTO provider_transactions ({", ".join(COLUMNS)}, order_number, source, payout_id, import_id)
SELECT {", ".join(f"r.{name}" for name in COLUMNS)},
    CASE WHEN r.order_number <> '' OR r.order_key = '' THEN r.order_number
        ELSE COALESCE((SELECT o.number FROM orders o WHERE CAST(o.id AS text) = r.order_key), '') END,
    'file', (SELECT po.id FROM provider_payouts po WHERE po.provider_id = CASE
        WHEN r.payout_key <> '' THEN r.payout_key WHEN r.reporting_category = 'payout' THEN r.source_id END),
    :import_id
FROM statement_rows r WHERE r.import_id = :import_id
ORDER BY r.line
ON CONFLICT (provider_id) DO NOTHING
"""
LEARN_PAYOUTS = """
UPDATE provider_transactions SET payout_id = (
    SELECT po.id FROM statement_rows r JOIN provider_payouts po ON po.provider_id = r.payout_key
    WHERE r.import_id = :import_id AND r.provider_id = provider_transactions.provider_id)
WHERE payout_id IS NULL AND provider_id IN (
    SELECT r.provider_id FROM statement_rows r WHERE r.import_id = :import_id AND r.payout_key <> '')
"""


class NotInterrupted(DomainError):
    """Only what was interrupted can go on."""


def begin_import(
    session: Session,
    *,
    kind: StatementKind,
    file_name: str,
    sha256: str,
    byte_count: int,
    line_count: int,
    imported_by_id: int,
    now: datetime,
) -> StatementImport:
    """This will have the worker read a file; nobody has sent the same bytes before.

    :param line_count: lines without the heading; a cell may span several, so that there may be fewer rows
    """
    statement = StatementImport(
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        byte_count=byte_count,
        row_count=line_count,
        imported_by_id=imported_by_id,
        imported_at=now,
        notes=[],
    )
    session.add(statement)
    session.flush()
    return statement


def import_of_bytes(session: Session, sha256: str) -> StatementImport | None:
    """This will return the import of exactly these bytes, if there was one."""
    return session.scalar(select(StatementImport).where(StatementImport.sha256 == sha256))


def set_aside(session: Session, statement: StatementImport, rows: Sequence[Row], *, after: int, livemode: bool) -> bool:
    """This will keep the next rows of a file aside, and tell whether reading is to go on.

    :param statement: held; where it was interrupted meanwhile, or somebody else reads it, nothing is kept
    :param after: how many rows the reader has kept before these
    :raises BadStatement: where one of them has the id of another
    """
    if statement.state is not ImportState.READING or statement.done_rows != after:
        return False
    _refuse_double(session, statement.id, rows)
    if rows:
        fallback = statement.imported_at
        values = [_values(statement.id, row, fallback=fallback, livemode=livemode) for row in rows]
        session.execute(insert(cast(Table, StatementRow.__table__)), values)
    notes = [note for row in rows for note in row.notes]
    statement.notes = [*statement.notes, *notes][:MOST_NOTES]
    statement.done_rows += len(rows)
    session.flush()
    return True


def take_statement(session: Session, statement: StatementImport, *, count: int, now: datetime) -> None:
    """This will let all rows of a file count at once; what was known before is left as it is.

    :param count: how many rows the reader has seen in all
    :raises BadStatement: where a movement that is known has other figures in this file
    """
    if statement.state is not ImportState.READING or statement.done_rows != count:
        return
    if not count:
        raise BadStatement("This file has a heading and no rows. Choose the days again at Stripe.")
    _refuse_conflict(session, statement.id)
    execute(session, TAKE_PAYOUTS, import_id=statement.id)
    taken = execute(session, TAKE, import_id=statement.id).rowcount
    execute(session, LEARN_PAYOUTS, import_id=statement.id)
    statement.known_rows = statement.done_rows - taken
    statement.row_count = statement.done_rows
    _end(session, statement, ImportState.DONE, now=now)


def refuse_statement(session: Session, statement: StatementImport, problem: str, *, now: datetime) -> None:
    """This will end an import that cannot be taken, and keep nothing of the file but the reason."""
    with session.no_autoflush:
        statement.problem, statement.done_rows = problem, 0
        _end(session, statement, ImportState.REFUSED, now=now)


def interrupt_import(session: Session, statement: StatementImport) -> None:
    """This will stop reading after the batch at hand."""
    if statement.state is ImportState.READING:
        statement.state = ImportState.INTERRUPTED
        session.flush()


def resume_import(session: Session, statement: StatementImport) -> None:
    """This will let reading go on after the rows that were set aside.

    :raises NotInterrupted: for a file that was not interrupted
    """
    if statement.state is not ImportState.INTERRUPTED:
        raise NotInterrupted("Only an import that was interrupted can go on.")
    statement.state = ImportState.READING
    session.flush()


def _end(session: Session, statement: StatementImport, state: ImportState, *, now: datetime) -> None:
    session.execute(delete(StatementRow).where(StatementRow.import_id == statement.id))
    statement.state, statement.ended_at = state, now
    session.flush()


def _refuse_double(session: Session, import_id: int, rows: Sequence[Row]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.provider_id in seen:
            raise _double(row, seen[row.provider_id])
        seen[row.provider_id] = row.line
    wanted = select(StatementRow.provider_id, StatementRow.line).where(
        StatementRow.import_id == import_id, StatementRow.provider_id.in_(seen)
    )
    earlier = dict(session.execute(wanted).all())
    for row in rows:
        if row.provider_id in earlier:
            raise _double(row, earlier[row.provider_id])


def _double(row: Row, line: int) -> BadStatement:
    return BadStatement(
        f"Line {row.line}, column balance_transaction_id: {row.provider_id} stands on line {line} already."
    )


def _refuse_conflict(session: Session, import_id: int) -> None:
    for found in execute(session, CONFLICT, import_id=import_id):
        raise BadStatement(
            f"Line {found.line}: {found.provider_id} is known with other amounts. Compare it with Stripe first."
        )


def _values(import_id: int, row: Row, *, fallback: datetime, livemode: bool) -> dict[str, Any]:
    values = asdict(row)
    del values["notes"]
    midnight = datetime.combine(row.available_on, datetime.min.time(), fallback.tzinfo) if row.available_on else None
    created_at = row.created_at or midnight or fallback
    return values | {"import_id": import_id, "kind": "", "livemode": livemode, "created_at": created_at}
