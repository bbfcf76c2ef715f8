"""Where the demonstration is played: moments on earlier working days, and each step of an order through its journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem
from migrator.access.queries import item_of, items_of
from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.catalogue.rules import Selection
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due
from migrator.journeys.pay_order import attempt_to_pay
from migrator.journeys.place_order import place_order
from migrator.journeys.save_access import save_access
from migrator.journeys.settle_payment import settle_money
from migrator.journeys.submit_access import submit_access
from migrator.journeys.verify_access import verify_item
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff
from migrator.orders.rules import Declaration
from migrator.payments.gateway import CheckoutSession, CheckoutStatus, PaymentStatus

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sites:
    """The two sites of a customer's order."""

    source: str
    target: str

    @property
    def source_address(self) -> str:
        """The old site's address."""
        return f"https://{self.source}"

    @property
    def target_address(self) -> str:
        """The new site's address."""
        return f"https://{self.target}"


@dataclass(frozen=True, slots=True)
class Stage:
    """The database, the seal for secrets, and today, from which all moments are counted back."""

    session: Session
    calendar: Calendar
    vault: Vault
    base_url: str
    now: datetime

    def at(self, working_days_ago: int, clock: str) -> datetime:
        """This will return the instant at desk time `clock` (`HH:MM`) on an earlier working day; 1 is the last one."""
        on = self.now.astimezone(self.calendar.zone_info).date()
        for _ in range(working_days_ago):
            on = self._working_day_before(on)
        return datetime.combine(on, time.fromisoformat(clock), self.calendar.zone_info).astimezone(UTC)

    def day(self, at: datetime) -> date:
        """This will return the date that the clocks of the desk show at an instant."""
        return at.astimezone(self.calendar.zone_info).date()

    def working_days_after(self, at: datetime, days: int) -> datetime:
        """This will return the instant that many business days after `at`."""
        return due(self.calendar, at, Target(Unit.BUSINESS_DAYS, days))

    def ordered(self, person: Person, selection: Selection, sites: Sites, *, token: str, at: datetime) -> Order:
        """This will place an order, with a backup from the day before."""
        declaration = Declaration(sites.source_address, sites.target_address, self.day(at) - timedelta(days=1))
        order = place_order(
            self.session, selection=selection, declaration=declaration, person=person, token=token, now=at
        )
        return self.again(order)

    def paid(self, order: Order, *, at: datetime) -> Order:
        """This will pay an order as the provider would report it, and return it with its account manager."""
        attempt = attempt_to_pay(
            self.session, order, person=order.placed_by, base_url=self.base_url, now=at - 2 * ONE_MINUTE
        )
        checkout = CheckoutSession(
            id=f"cs_test_demo_{attempt.id}",
            url=None,
            status=CheckoutStatus.COMPLETE,
            payment_status=PaymentStatus.PAID,
            order_number=order.number,
            customer_email=order.placed_by.email,
            metadata={"attempt_id": str(attempt.id), "order_id": str(order.id)},
            amount_total=order.total,
            payment_intent_id=f"pi_demo_{attempt.id}",
            charge_id=f"ch_demo_{attempt.id}",
            expires_at=attempt.expires_at,
            created_at=attempt.created_at,
            livemode=False,
        )
        settle_money(self.session, checkout, now=at)
        return self.again(order)

    def gave(self, order: Order, kind: ItemKind, sites: Sites, *, at: datetime) -> None:
        """This will save the customer's details for every open item of a kind, at most one for each site."""
        for item in self.items(order, kind):
            if item.state in {ItemState.NOT_STARTED, ItemState.PROBLEM}:
                self.answered(order, item, sites, at=at)

    def answered(self, order: Order, item: AccessItem, sites: Sites, *, at: datetime) -> None:
        """This will save the customer's details for one item, which also ends a pause that waits for it."""
        save_access(
            self.session,
            order,
            item,
            values=_values(item, sites),
            vault=self.vault,
            actor=order.placed_by.actor,
            now=at,
        )

    def submitted(self, order: Order, sites: Sites, *, at: datetime) -> None:
        """This will give all that is needed, a few minutes apart, and send it for checking at `at`."""
        kinds = (ItemKind.SITE_ADDRESS, ItemKind.FTP, ItemKind.ADMIN_LOGIN, ItemKind.BRIDGE, ItemKind.API_TOKEN)
        for minutes, kind in zip(range(15, 0, -3), kinds, strict=True):
            self.gave(order, kind, sites, at=at - minutes * ONE_MINUTE)
        submit_access(self.session, order, actor=order.placed_by.actor, now=at)

    def verified(self, order: Order, *, at: datetime) -> None:
        """This will have the account manager confirm every item, the last one at `at`, which starts the count."""
        waiting = [item for item in items_of(self.session, order.id) if item.state is ItemState.SUBMITTED]
        for minutes, item in zip(range(len(waiting) - 1, -1, -1), waiting, strict=True):
            verify_item(self.session, order, item, actor=self.manager(order).actor, now=at - minutes * ONE_MINUTE)

    def checked_again(self, order: Order, item: AccessItem, *, at: datetime) -> None:
        """This will have the account manager confirm an item that was answered."""
        verify_item(self.session, order, item, actor=self.manager(order).actor, now=at)

    def under_way(self, order: Order, sites: Sites, *, days_ago: int) -> Order:
        """This will pay an order and bring it to its verified access details: the count starts at 11:00 of that day."""
        order = self.paid(order, at=self.at(days_ago + 1, "10:20"))
        self.submitted(order, sites, at=self.at(days_ago + 1, "15:40"))
        self.verified(order, at=self.at(days_ago, "11:00"))
        return order

    def items(self, order: Order, kind: ItemKind) -> list[AccessItem]:
        """This will return the order's items of a kind, that of the old site first, each with its secrets."""
        found = (item for item in items_of(self.session, order.id) if item.kind is kind)
        return [item_of(self.session, order.id, item.id) for item in found]

    def manager(self, order: Order) -> Person:
        """This will return the order's account manager; only for paid orders."""
        return self.session.get_one(Person, order.account_manager_id)

    def again(self, order: Order) -> Order:
        """This will return the order as the staff's pages load it."""
        return order_for_staff(self.session, order.number, for_update=True)

    def _working_day_before(self, on: date) -> date:
        on -= timedelta(days=1)
        while not self.calendar.week[on.weekday()] or on in self.calendar.closed_days:
            on -= timedelta(days=1)
        return on


def _values(item: AccessItem, sites: Sites) -> Mapping[str, str]:
    site = sites.source if item.side.value == "source" else sites.target
    by_kind: dict[ItemKind, Mapping[str, str]] = {
        ItemKind.SITE_ADDRESS: {"address": f"https://{site}"},
        ItemKind.FTP: {
            "protocol": "sftp",
            "host": f"files.{site}",
            "user_name": "northbridge",
            "password": "a-password-for-the-move",
        },
        ItemKind.ADMIN_LOGIN: {
            "address": f"https://{site}/admin",
            "user_name": "northbridge",
            "password": "another-password-for-the-move",
        },
        ItemKind.BRIDGE: {"address": f"https://{site}/bridge/"},
        ItemKind.API_TOKEN: {"token": "token-for-the-move"},
        ItemKind.INFORMATION: {"answer": "Please use the one called “Reading room”; the other is for the newsletter."},
    }
    return by_kind[item.kind]
