"""What there is before the first sale of a played month: calendars, our people, and customers with a company each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from migrator.accounts.operations import sign_up
from migrator.accounts.passwords import hashed
from migrator.calendars.operations import fill_calendars
from migrator.calendars.queries import calendar
from migrator.clock.calendar import Calendar
from migrator.demo.month.sales import ORDERS_OF_A_CUSTOMER, customer_name
from migrator.demo.month.world import People
from migrator.demo.papers import know_company
from migrator.demo.people import PASSWORD
from migrator.demo.story import NotEmpty, is_empty, move_in
from migrator.finance.desk_days import desk_day, first_day, month_of
from migrator.history.actor import SYSTEM
from migrator.policy.loading import calendar_plans, migration_desk
from migrator.policy.scope import scope_policy
from migrator.scope.operations import open_scope

FOUNDED_BEFORE = timedelta(days=60)
# In the first days of a month the one before is still being closed.
CLOSES_WITHIN = timedelta(days=6)


def month_to_play(now: datetime) -> str:
    """This will return the last month that is over for so long that it can be closed by now: `2026-10`."""
    return month_of(first_day(month_of(desk_day(now) - CLOSES_WITHIN)) - timedelta(days=1))


def open_company(session: Session, *, orders: int, before: datetime) -> tuple[Calendar, People]:
    """This will found the company some weeks before a moment.

    :raises NotEmpty: when there are people already
    """
    if not is_empty(session):
        raise NotEmpty("A month is played in an empty database alone, and this one holds people already.")
    at = before - FOUNDED_BEFORE
    fill_calendars(session, plans=calendar_plans(), now=at, actor=SYSTEM)
    open_scope(session, policy=scope_policy(), now=at)
    know_company(session, now=at)
    ours = move_in(session, at)
    password_hash = hashed(PASSWORD)
    customers = [
        sign_up(
            session,
            email=_address(customer_name(number)),
            name=f"{customer_name(number).split()[0]} Buyer",
            company=customer_name(number),
            password_hash=password_hash,
            now=at,
            confirmed_at=at,
        )
        for number in range(orders // ORDERS_OF_A_CUSTOMER + 1)
    ]
    people = People(customers, ours["priya@northbridge.example"], ours["leila@northbridge.example"])
    return calendar(session, migration_desk().calendar), people


def _address(company: str) -> str:
    return f"office@{company.lower().replace(' ', '-')}.example"
