"""What the pages of the ledger ask: entries by account, order, cover and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from migrator.finance.desk_days import first_day, last_day, month_after, month_of
from migrator.finance.ledger.accounts import Account
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.orders.models import Order

PAGE = 50


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """Which entries are shown.

    :ivar month: that they count for, such as `2026-11`
    :ivar number: of their order
    """

    account: Account | None = None
    month: str | None = None
    number: str = ""
    cover_id: int | None = None

    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """This will return what the rows must fulfil."""
        found: list[ColumnElement[bool]] = [*in_month(self.month)]
        mine = Posting.entry_id == JournalEntry.id
        if self.account is not None:
            found.append(exists().where(mine, (Posting.debit == self.account) | (Posting.credit == self.account)))
        if self.number:
            wanted = select(Order.id).where(Order.number == self.number).scalar_subquery()
            found.append(JournalEntry.order_id == wanted)
        if self.cover_id is not None:
            found.append(exists().where(mine, Posting.cover_id == self.cover_id))
        return tuple(found)


def in_month(month: str | None) -> tuple[ColumnElement[bool], ...]:
    """This will return what entries of a month fulfil; nothing where none is named."""
    return () if month is None else (JournalEntry.happened_on.between(first_day(month), last_day(month)),)


def entries_page(session: Session, wanted: WantedEntries, *, before: tuple[date, int] | None) -> Sequence[JournalEntry]:
    """This will return entries with their postings, the latest first; one more than a page where there is more."""
    asked = select(JournalEntry).where(*wanted.conditions())
    if before is not None:
        on, row_id = before
        is_same = (JournalEntry.happened_on == on) & (JournalEntry.id < row_id)
        asked = asked.where((JournalEntry.happened_on < on) | is_same)
    asked = asked.order_by(JournalEntry.happened_on.desc(), JournalEntry.id.desc()).limit(PAGE + 1)
    return session.scalars(asked.options(joinedload(JournalEntry.order), selectinload(JournalEntry.postings))).all()


def months_posted(session: Session) -> tuple[str, ...]:
    """This will return the months from the first entry to the last, the latest first."""
    first, last = session.execute(select(func.min(JournalEntry.happened_on), func.max(JournalEntry.happened_on))).one()
    months: list[str] = []
    month = month_of(first) if first else ""
    while first and month <= month_of(last):
        months.append(month)
        month = month_after(month)
    return tuple(reversed(months))
