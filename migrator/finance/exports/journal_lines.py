"""The journal of a month, posting by posting: what the hash of a locked month is taken of."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.finance.desk_days import first_day, last_day
from migrator.finance.exports.columns import Cell, major
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.orders.models import Order

AT_ONCE = 1_000


def journal_lines(session: Session, month: str) -> Iterator[tuple[Cell, ...]]:
    """This will return the postings dated in a month, in the order of their entries; never all at once in memory."""
    wanted = (
        select(
            JournalEntry.id,
            JournalEntry.happened_on,
            JournalEntry.kind,
            JournalEntry.cause,
            JournalEntry.words,
            Order.number,
            JournalEntry.late_of,
            Posting.id,
            Posting.debit,
            Posting.credit,
            Posting.amount_minor,
            Posting.currency,
            Posting.order_line_id,
            Posting.cover_id,
        )
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .outerjoin(Order, Order.id == JournalEntry.order_id)
        .where(JournalEntry.happened_on >= first_day(month), JournalEntry.happened_on <= last_day(month))
        .order_by(JournalEntry.happened_on, JournalEntry.id, Posting.id)
    )
    for row in session.execute(wanted.execution_options(yield_per=AT_ONCE)):
        entry_id, on, kind, cause, words, number, late, posting_id, debit, credit, minor, currency, line, cover = row
        yield (
            entry_id,
            on.isoformat(),
            kind.value,
            cause,
            words,
            number or "",
            late.isoformat() if late else "",
            posting_id,
            debit.value,
            credit.value,
            major(minor, currency),
            currency,
            line,
            cover,
        )
