"""What is drawn month by month: revenue by family, premiums, restarts used against them, and what is still deferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import Session

from migrator.finance.covers.models import Cover
from migrator.finance.desk_days import desk_day, first_day, instants_of, last_day, month_of
from migrator.finance.ledger.accounts import Account
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.fulfilment.runs.models import Run, RunKind, RunState
from migrator.money import BASIS_POINTS
from migrator.orders.models import Order
from migrator.policy.types import Family

REVENUE = (Account.REVENUE_MIGRATIONS, Account.REVENUE_OVERAGE)
BEGUN = (RunState.RUNNING, RunState.DONE, RunState.FAILED)


@dataclass(frozen=True, slots=True)
class MonthSeries:
    """One figure for each of the months, in their order; in minor units of one currency.

    :ivar loss_bp: the worth of the restarts used, at the price of the migrations that they repeated, as a share of the
        premiums earned, in basis points; none for a month in which nothing was earned
    """

    revenue: Mapping[Family, tuple[int, ...]]
    sold: tuple[int, ...]
    earned: tuple[int, ...]
    restarts: tuple[int, ...]
    loss_bp: tuple[int | None, ...]
    deferred: tuple[int, ...]


def currencies_posted(session: Session) -> Sequence[str]:
    """This will return the currencies in which anything was posted."""
    return session.scalars(select(Posting.currency).distinct().order_by(Posting.currency)).all()


def series_of(session: Session, months: Sequence[str], currency: str) -> MonthSeries:
    """This will return what is drawn of these months in one currency."""
    moved = _moved(session, months, currency)
    worth, count = _restarts(session, months, currency)
    sold = tuple(moved[month, "sold"] for month in months)
    earned = tuple(moved[month, "earned"] for month in months)
    return MonthSeries(
        revenue={family: tuple(moved[month, family.value] for month in months) for family in Family},
        sold=sold,
        earned=earned,
        restarts=tuple(count[month] for month in months),
        loss_bp=tuple(_share(worth[month], premium) for month, premium in zip(months, earned, strict=True)),
        deferred=tuple(_deferred(session, months, currency, moved)),
    )


def _share(worth: int, premium: int) -> int | None:
    return None if premium <= 0 else (worth * BASIS_POINTS * 2 + premium) // (premium * 2)


def _moved(session: Session, months: Sequence[str], currency: str) -> defaultdict[tuple[str, str], int]:
    month = func.substr(cast(JournalEntry.happened_on, String), 1, 7)
    grouped = (month, Order.family, Posting.debit, Posting.credit)
    wanted = (
        select(*grouped, func.sum(Posting.amount_minor))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .join(Order, Order.id == JournalEntry.order_id)
        .where(Posting.currency == currency)
        .where(JournalEntry.happened_on.between(first_day(months[0]), last_day(months[-1])))
        .group_by(*grouped)
    )
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for month_text, family, debit, credit, minor in session.execute(wanted):
        for name, sign in _names(family, debit, credit):
            sums[month_text, name] += sign * int(minor)
    return sums


def _names(family: Family, debit: Account, credit: Account) -> Iterator[tuple[str, int]]:
    if credit in REVENUE:
        yield family.value, 1
    if debit in REVENUE:
        yield family.value, -1
    if credit is Account.REVENUE_INSURANCE:
        yield "earned", 1
    if debit is Account.REVENUE_INSURANCE:
        yield "earned", -1
    if credit is Account.DEFERRED_INSURANCE:
        yield "deferred", 1
    if debit is Account.DEFERRED_INSURANCE:
        yield "deferred", -1
    if (debit, credit) == (Account.STRIPE_CLEARING, Account.DEFERRED_INSURANCE):
        yield "sold", 1


def _deferred(
    session: Session, months: Sequence[str], currency: str, moved: Mapping[tuple[str, str], int]
) -> Iterator[int]:
    signed: ColumnElement[int] = case(
        (Posting.credit == Account.DEFERRED_INSURANCE, Posting.amount_minor), else_=-Posting.amount_minor
    )
    either = (Posting.credit == Account.DEFERRED_INSURANCE) | (Posting.debit == Account.DEFERRED_INSURANCE)
    before = (
        select(func.sum(signed))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(either, Posting.currency == currency, JournalEntry.happened_on < first_day(months[0]))
    )
    balance = int(session.scalar(before) or 0)
    for month in months:
        balance += moved[month, "deferred"]
        yield balance


def _restarts(
    session: Session, months: Sequence[str], currency: str
) -> tuple[defaultdict[str, int], defaultdict[str, int]]:
    """The worth of the restarts that were begun, at the insured price, and how many they were, by month."""
    base = select(func.sum(Cover.base_minor)).where(Cover.order_id == Run.order_id).correlate(Run).scalar_subquery()
    begins, ends = instants_of(months[0])[0], instants_of(months[-1])[1]
    wanted = (
        select(Run.started_at, base)
        .join(Order, Order.id == Run.order_id)
        .where(Run.kind == RunKind.RESTART, Run.state.in_(BEGUN), Order.currency == currency)
        .where(Run.started_at >= begins, Run.started_at < ends, Run.is_our_fault.is_(False))
    )
    worth: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    for at, minor in session.execute(wanted):
        month = month_of(desk_day(at))
        worth[month] += int(minor or 0)
        count[month] += 1
    return worth, count
