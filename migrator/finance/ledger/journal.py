"""Writing into the journal: one entry for each cause, dated in a month that is open. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.finance.desk_days import desk_day, first_day, month_after, month_of
from migrator.finance.ledger.accounts import Account, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.finance.months.lifecycle import MonthState
from migrator.finance.months.models import AccountingMonth


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moves from the account `credit` to the account `debit`; nothing moves where the amount is nothing."""

    debit: Account
    credit: Account
    amount_minor: int
    currency: str
    order_line_id: int | None = None
    cover_id: int | None = None

    def back(self) -> Transfer:
        """This will return the transfer that undoes this one."""
        return Transfer(self.credit, self.debit, self.amount_minor, self.currency, self.order_line_id, self.cover_id)


def post(
    session: Session,
    cause: str,
    kind: EntryKind,
    transfers: Iterable[Transfer],
    *,
    on: date,
    words: str,
    now: datetime,
    order_id: int | None = None,
) -> JournalEntry | None:
    """This will write an entry with its postings, unless its cause was posted before or nothing moves.

    What belongs to a locked month is dated today, with the day that it belongs to beside it.
    """
    moving = [transfer for transfer in transfers if transfer.amount_minor]
    if not moving or entry_of(session, cause) is not None:
        return None
    happened_on = open_day(on, locked_months(session), now=now)
    entry = JournalEntry(
        cause=cause,
        kind=kind,
        happened_on=happened_on,
        posted_at=now,
        order_id=order_id,
        words=words,
        late_of=on if happened_on != on else None,
    )
    session.add(entry)
    session.flush()
    session.add_all(
        Posting(
            entry_id=entry.id,
            debit=each.debit,
            credit=each.credit,
            amount_minor=each.amount_minor,
            currency=each.currency,
            order_line_id=each.order_line_id,
            cover_id=each.cover_id,
        )
        for each in moving
    )
    session.flush()
    return entry


def entry_of(session: Session, cause: str) -> JournalEntry | None:
    """This will return what was posted for a cause, or none."""
    return session.scalar(select(JournalEntry).where(JournalEntry.cause == cause))


def transfers_of(session: Session, cause: str) -> Sequence[Transfer]:
    """This will return the transfers that were posted for a cause."""
    wanted = select(Posting).join(JournalEntry).where(JournalEntry.cause == cause).order_by(Posting.id)
    return [
        Transfer(row.debit, row.credit, row.amount_minor, row.currency, row.order_line_id, row.cover_id)
        for row in session.scalars(wanted)
    ]


def locked_months(session: Session) -> frozenset[str]:
    """This will return the months into which nothing may be written."""
    locked = select(AccountingMonth.month).where(AccountingMonth.state == MonthState.LOCKED)
    return frozenset(session.scalars(locked))


def open_day(on: date, locked: Collection[str], *, now: datetime) -> date:
    """This will return the day on which something is dated: its own, or else the first open one from today on."""
    if month_of(on) not in locked:
        return on
    on = max(on, desk_day(now))
    while month_of(on) in locked:
        on = first_day(month_after(month_of(on)))
    return on
