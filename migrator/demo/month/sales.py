"""What is sold in a played month: what, to whom and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection
from migrator.clock.calendar import Calendar
from migrator.clock.instants import to_instant, wall_seconds
from migrator.policy.types import Family

A_DAY = timedelta(days=1)
ORDERS_OF_A_CUSTOMER = 4
OPENS_MINUTE, OPEN_MINUTES, LATE_MINUTE = 8 * 60, 12 * 60, 21 * 60
PRODUCTS = (
    (Family.PACKAGE, "PACK-BASIC", 800, ()),
    (Family.SELF_SERVICE, "SELF-500", 400, ("OPT-SEO",)),
    (Family.PACKAGE, "PACK-EXTENDED", 3_000, ()),
    (Family.ASSISTED, "ASSIST-STANDARD", 90, ()),
)
PLANS = (1, None, 2, None, 3, None, None)
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Juniper", "Larch", "Maple", "Rowan")
TRADES = (
    "Books",
    "Ceramics",
    "Garden",
    "Records",
    "Cycles",
    "Lamps",
    "Tea",
    "Maps",
    "Toys",
    "Prints",
    "Yarn",
    "Coffee",
)


@dataclass(slots=True)
class Sale:
    """One order to be: what is chosen is known before, the rest is learned as it happens.

    :ivar at: when it is ordered
    :ivar checkout_id: the provider's; empty until the checkout is open, as the payment intent until it is paid
    """

    number: int
    person: Person
    selection: Selection
    at: datetime
    order_id: int = 0
    order_number: str = ""
    attempt_id: int = 0
    checkout_id: str = ""
    intent_id: str = ""

    @property
    def is_insured(self) -> bool:
        """Whether it has an insurance plan."""
        return self.selection.insurance_plan is not None


def customer_name(number: int) -> str:
    """This will return the company of a customer, each another one."""
    row, name = divmod(number, len(NAMES))
    place, trade = divmod(row, len(TRADES))
    return f"{NAMES[name]} {TRADES[trade]}" + (f" {place + 1}" if place else "")


def month_of_sales(
    customers: Sequence[Person], *, count: int, early: int, begins_on: date, days: int, calendar: Calendar
) -> Iterator[Sale]:
    """This will imagine a month of sales, spread over its days, in the order in which they happen.

    :param early: how many of them are made without insurance on the evening before the month begins
    """
    for number in range(count):
        minutes = (number - early) * days * OPEN_MINUTES // (count - early)
        day, minute = divmod(minutes, OPEN_MINUTES)
        if number < early:
            day, minute = -1, LATE_MINUTE + number - OPENS_MINUTE
        at = to_instant(wall_seconds(calendar.zone_info, begins_on + day * A_DAY, minute=OPENS_MINUTE + minute))
        plan = None if number < early else PLANS[number % len(PLANS)]
        yield Sale(number, customers[number * 7 % len(customers)], _selection(number, plan), at)


def _selection(number: int, plan: int | None) -> Selection:
    family, sku, pages, options = PRODUCTS[number % len(PRODUCTS)]
    return Selection(family, sku, pages, "wordpress", "shopify", options, plan)
