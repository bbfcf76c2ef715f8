"""A month, day by day: customers order and pay, the provider tells, work is done, money is paid out each evening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta

from migrator.clock.calendar import Calendar
from migrator.demo.month.closing import close_quietly
from migrator.demo.month.kinds import AtBank, Moment, Month, PaidOut, Plant, planted
from migrator.demo.month.mistakes import EARLY, KINDS, SHORT_BY
from migrator.demo.month.sales import Sale, month_of_sales
from migrator.demo.month.selling import learn_payment, move_all, note_all, order_all, pay, prepare_all
from migrator.demo.month.world import People, World
from migrator.finance.desk_days import desk_day, first_day, last_day, month_of
from migrator.finance.reconciliation.lifecycle import Code
from migrator.payments.gateway import CheckoutRequest, CheckoutSession

A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
# So many wait for each other: the database's one writer is held for short.
AT_ONCE = 20
MORNING, EVENING, NIGHT = "07:30", "22:00", "22:30"


def prepared(people: People, calendar: Calendar, month: str, *, orders: int, each: int) -> Month:
    """This will choose what is sold in a month, and what goes wrong with which of it.

    :raises TooFewOrders: when there are more mistakes to make than orders
    """
    begins_on = first_day(month)
    days = (last_day(month) - begins_on).days + 1
    sales = tuple(
        month_of_sales(people.customers, count=orders, early=each, begins_on=begins_on, days=days, calendar=calendar)
    )
    plants = [Plant(EARLY.code, EARLY, sale) for sale in sales[:each]]
    return Month(month, each, sales, [*plants, *planted(KINDS, sales[each:], each=each)])


def play(world: World, month: Month, *, tick: Callable[[int], None]) -> None:
    """This will live through a month, up to its last evening.

    :param tick: told how many orders more were sold
    """
    plants = {plant.sale.number: plant for plant in month.plants if plant.sale}
    by_day: dict[date, list[Sale]] = defaultdict(list)
    for sale in month.sales:
        by_day[desk_day(sale.at)].append(sale)
    for on in _days(month.name):
        _morning(world, on, by_day[on - A_DAY], plants)
        for chunk in _chunks(by_day[on]):
            _sell(world, chunk, plants)
            tick(len(chunk))
        if month_of(on) == month.name:
            _evening(world, month, on)
        else:
            close_quietly(world, month_of(on), at=world.at(on + A_DAY, MORNING))
    for plant in plants.values():
        if plant.kind and plant.sale:
            plant.kind.later(world, plant.sale)


def _days(month: str) -> Iterator[date]:
    """This will yield the day before a month, and its days."""
    on = first_day(month) - A_DAY
    while on <= last_day(month):
        yield on
        on += A_DAY


def _chunks(sales: Sequence[Sale]) -> Iterator[Sequence[Sale]]:
    for begin in range(0, len(sales), AT_ONCE):
        yield sales[begin : begin + AT_ONCE]


def _morning(world: World, on: date, sold_before: Sequence[Sale], plants: Mapping[int, Plant]) -> None:
    insured = [sale for sale in sold_before if sale.is_insured]
    world.clock.set(world.at(on, MORNING))
    for chunk in _chunks(insured):
        move_all(world, chunk)
    _plant(world, insured, plants, Moment.MOVED)


def _sell(world: World, sales: Sequence[Sale], plants: Mapping[int, Plant]) -> None:
    order_all(world, sales)
    _plant(world, sales, plants, Moment.PLACED)
    requests = prepare_all(world, sales)
    note_all(sales, [_paid(world, *each, plants) for each in zip(sales, requests, strict=True)])
    world.clock.set(sales[-1].at + 3 * A_MINUTE)
    world.hear()
    _plant(world, sales, plants, Moment.PAID)


def _paid(world: World, sale: Sale, request: CheckoutRequest, plants: Mapping[int, Plant]) -> CheckoutSession:
    world.clock.set(sale.at + 2 * A_MINUTE)
    checkout = world.gateway.create_checkout(request)
    sale.checkout_id = checkout.id
    plant = plants.get(sale.number)
    if plant:
        note_all([sale], [checkout])
        _plant(world, [sale], plants, Moment.OPENED)
    with world.provider.losing_events() if plant and plant.kind and plant.kind.is_unheard else nullcontext():
        pay(world, sale.person, checkout.id)
    return checkout


def _plant(world: World, sales: Sequence[Sale], plants: Mapping[int, Plant], moment: Moment) -> None:
    for sale in sales:
        plant = plants.get(sale.number)
        if plant and plant.kind and plant.kind.moment is moment:
            if moment in {Moment.PAID, Moment.MOVED}:
                learn_payment(world, sale)
            plant.findings += plant.kind.plant(world, sale)


def _evening(world: World, month: Month, on: date) -> None:
    world.clock.set(world.at(on, EVENING))
    for currency in ("usd", "eur") if on == last_day(month.name) else ("usd",):
        mistake, at_bank = _mistake(len(month.payouts), month.each)
        short_by = SHORT_BY if mistake is Code.PAYOUT_SUM_DIFFERS else 0
        payout = world.provider.pay_out(currency, short_by=short_by)
        if payout is None:
            continue
        month.payouts.append(PaidOut(payout["id"], at_bank))
        if mistake:
            month.plants.append(Plant(mistake, findings=[(mistake, payout["id"])]))
    world.clock.set(world.at(on, NIGHT))
    world.hear()
    world.chores.fetch()


def _mistake(place: int, each: int) -> tuple[Code | None, AtBank]:
    # The first payouts are old enough to be missed at the bank when the month is closed.
    if place < each:
        return Code.PAYOUT_SUM_DIFFERS, AtBank.WHOLE
    if place < 2 * each:
        return Code.PAYOUT_NOT_AT_BANK, AtBank.NOTHING
    return (Code.PAYOUT_NOT_AT_BANK, AtBank.LESS) if place < 3 * each else (None, AtBank.WHOLE)
