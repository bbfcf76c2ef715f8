"""What a played month stands on: the present, the provider, what the worker does of money, and who is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from migrator.accounts.models import Person
from migrator.clock.calendar import Calendar
from migrator.clock.source import FileClock
from migrator.demo.month.provider import Provider
from migrator.money import Money
from migrator.payments.gateway import PaymentGateway


@dataclass(frozen=True, slots=True)
class Chores:
    """What the worker does of money, piece by piece; each reads the present for itself.

    :ivar hear: settles what events told of, and sends refunds that were asked for
    :ivar fetch: asks the provider for movements and payouts, where that is due
    :ivar match: begins and ends the run that is due
    :ivar keep_books: earns premiums, and posts fees and payouts
    :ivar sweep: asks for everything that may have happened unheard
    """

    hear: Callable[[], object]
    fetch: Callable[[], object]
    match: Callable[[], object]
    keep_books: Callable[[], object]
    sweep: Callable[[], object]


@dataclass(frozen=True, slots=True)
class People:
    """Who is there.

    :ivar second: the one who agrees where one person is not enough
    """

    customers: Sequence[Person]
    finance: Person
    second: Person


@dataclass(frozen=True, slots=True)
class World:
    """One installation with an empty till, inside the application's context.

    :ivar refund_limit: up to which amount one person gives money back
    :ivar decision_limit_minor: up to which amount one person decides on what does not fit
    """

    clock: FileClock
    provider: Provider
    gateway: PaymentGateway
    chores: Chores
    calendar: Calendar
    people: People
    base_url: str
    refund_limit: Money | None
    decision_limit_minor: int

    def at(self, on: date, clock: str) -> datetime:
        """This will return an instant by the desk's clocks, `HH:MM`."""
        return datetime.combine(on, time.fromisoformat(clock), self.calendar.zone_info).astimezone(UTC)

    def hear(self) -> None:
        """This will bring the provider's events to our door, and look at them."""
        self.provider.deliver()
        self.chores.hear()
