"""Questions about months of the books."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.finance.desk_days import desk_day, first_day, instants_of, month_of
from migrator.finance.months.lifecycle import MonthState
from migrator.finance.months.models import AccountingMonth
from migrator.finance.reconciliation.models import ProviderPayout
from migrator.orders.models import Order

WITH_PEOPLE = (joinedload(AccountingMonth.locked_by), joinedload(AccountingMonth.reopening_asked_by))


def known_month(text: str) -> str:
    """This will return a month of an address.

    :raises NotFound: when it is none
    """
    try:
        month = month_of(first_day(text))
    except ValueError as error:
        raise NotFound("There is no such month.") from error
    if month != text or not "2000-01" <= month <= "2099-12":
        raise NotFound("There is no such month.")
    return month


def month_row(session: Session, month: str) -> AccountingMonth:
    """This will return a month; one that was never taken up is open."""
    found = session.scalar(select(AccountingMonth).where(AccountingMonth.month == month).options(*WITH_PEOPLE))
    return found or AccountingMonth(month=month, state=MonthState.OPEN, totals={}, sha256="", reopening_reason="")


def month_rows(session: Session, months: Collection[str]) -> Mapping[str, AccountingMonth]:
    """This will return those of the months that were taken up."""
    wanted = select(AccountingMonth).where(AccountingMonth.month.in_(months)).options(*WITH_PEOPLE)
    return {row.month: row for row in session.scalars(wanted)}


def first_month(session: Session) -> str | None:
    """This will return the month of the first order, or none."""
    first = session.scalar(select(func.min(Order.placed_at)))
    return None if first is None else month_of(desk_day(first))


def payouts_not_at_bank(session: Session, months: Sequence[str]) -> Mapping[str, int]:
    """This will return how many payouts of each month nobody has seen at the bank."""
    begins, ends = instants_of(min(months))[0], instants_of(max(months))[1]
    wanted = select(ProviderPayout.created_at).where(
        ProviderPayout.at_bank_on.is_(None), ProviderPayout.created_at >= begins, ProviderPayout.created_at < ends
    )
    counts = dict.fromkeys(months, 0)
    for at in session.scalars(wanted):
        counts[month_of(desk_day(at))] += 1
    return counts
