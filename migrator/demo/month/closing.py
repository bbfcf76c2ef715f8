"""The end of a played month: what a run finds is held against what was planted, mended, and the month is locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from migrator.database.session import reading, transaction
from migrator.demo.month.kinds import AtBank, Finding, Month, Plant
from migrator.demo.month.mistakes import SHORT_BY
from migrator.demo.month.world import World
from migrator.finance.desk_days import desk_day, first_day, month_after
from migrator.finance.ledger.invariants import Invariant, invariants
from migrator.finance.months.models import AccountingMonth
from migrator.finance.months.operations import lock, take_into_review
from migrator.finance.reconciliation.deciding import agree, decide, note_arrival
from migrator.finance.reconciliation.lifecycle import Code, DiscrepancyState, Severity
from migrator.finance.reconciliation.models import ProviderPayout
from migrator.finance.reconciliation.run_models import Discrepancy
from migrator.money import Money

A_DAY = timedelta(days=1)
FINDS_ON_DAY, LOCKS_ON_DAY = 5, 6
MORNING, EVENING = "09:00", "22:00"
REASON = "Planted in this month to see that it is found"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of exception: how many mistakes of it were made, and how many of them a run has found."""

    code: Code
    planted: int
    found: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a run finds of a played month.

    :ivar unexpected: what nobody planted
    """

    rows: tuple[Row, ...]
    unexpected: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        """Whether every mistake was found, and nothing else."""
        return not self.unexpected and all(row.found == row.planted for row in self.rows)


@dataclass(frozen=True, slots=True)
class Closed:
    """A month that is locked: the laws of the ledger with their figures, and what its lines hash to."""

    laws: tuple[Invariant, ...]
    sha256: str
    lines: int


def found_in(world: World, month: Month) -> Found:
    """This will fetch, book and look at everything some days after a month, and compare that with its plants."""
    world.clock.set(world.at(first_day(month_after(month.name)) + (FINDS_ON_DAY - 1) * A_DAY, MORNING))
    _read_bank_statement(world, month)
    world.chores.fetch()
    world.chores.keep_books()
    for plant in month.plants:
        if plant.kind and plant.sale:
            plant.kind.last(world, plant.sale)
    world.chores.match()
    return _held_against(month.plants)


def closed(world: World, month: Month) -> Closed:
    """This will mend what can be mended, decide on the rest as two people of finance, and lock the month.

    :raises NotReady: with everything that stands in the way
    """
    world.chores.sweep()
    for plant in month.plants:
        if plant.kind and plant.sale:
            plant.kind.mend(world, plant.sale)
    world.clock.set(world.at(first_day(month_after(month.name)) + (FINDS_ON_DAY - 1) * A_DAY, EVENING))
    world.provider.pay_out("usd")
    world.hear()
    world.chores.fetch()
    world.clock.set(world.at(first_day(month_after(month.name)) + (LOCKS_ON_DAY - 1) * A_DAY, MORNING))
    world.chores.keep_books()
    world.chores.match()
    _decide_all(world)
    _lock(world, month.name)
    with reading() as session:
        row = session.scalars(select(AccountingMonth).where(AccountingMonth.month == month.name)).one()
        return Closed(invariants(session), row.sha256, row.totals["journal_lines"])


def close_quietly(world: World, month: str, *, at: datetime) -> None:
    """This will lock a month, of which no statement has come yet, on the morning after it."""
    world.clock.set(at)
    world.chores.keep_books()
    world.chores.match()
    _lock(world, month)


def _held_against(plants: Sequence[Plant]) -> Found:
    with reading() as session:
        opened = select(Discrepancy.code, Discrepancy.subject).where(Discrepancy.state == DiscrepancyState.OPEN)
        found = Counter((code, subject) for code, subject in session.execute(opened))
    expected = Counter(finding for plant in plants for finding in plant.findings)
    missing = expected - found
    return Found(tuple(_rows(plants, missing)), tuple((found - expected).elements()))


def _rows(plants: Sequence[Plant], missing: Counter[Finding]) -> Iterator[Row]:
    for code in Code:
        mine = [plant for plant in plants if plant.code is code]
        seen = [plant for plant in mine if plant.findings and not any(missing[one] for one in plant.findings)]
        yield Row(code, len(mine), len(seen))


def _read_bank_statement(world: World, month: Month) -> None:
    now, today = world.clock.now(), desk_day(world.clock.now())
    with transaction() as session:
        for payout in month.payouts:
            row = session.scalars(select(ProviderPayout).where(ProviderPayout.provider_id == payout.id)).one()
            amount = row.amount_minor - (SHORT_BY if payout.at_bank is AtBank.LESS else 0)
            if payout.at_bank is not AtBank.NOTHING:
                on = desk_day(row.created_at) + A_DAY
                arrived, actor = Money(amount, row.currency), world.people.finance.actor
                note_arrival(session, row, on=on, amount=arrived, today=today, actor=actor, now=now)


def _decide_all(world: World) -> None:
    now, first, second = world.clock.now(), world.people.finance.actor, world.people.second.actor
    blocking = Discrepancy.state == DiscrepancyState.OPEN, Discrepancy.severity == Severity.BLOCKING
    with transaction() as session:
        for found in session.scalars(select(Discrepancy).where(*blocking)).all():
            limit = world.decision_limit_minor
            waived = DiscrepancyState.WAIVED
            if not decide(session, found, waived, reason=REASON, limit_minor=limit, actor=first, now=now):
                agree(session, found, actor=second, now=now)


def _lock(world: World, month: str) -> None:
    now, by = world.clock.now(), world.people.finance
    with transaction() as session:
        take_into_review(session, month, by=by, now=now)
        lock(session, month, by=by, now=now)
