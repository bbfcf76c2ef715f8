"""After any crash and any loss, the sweep brings each payment to its end: one charge, one paid order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from migrator.database.session import transaction
from migrator.jobs import tasks
from migrator.jobs.payments import settle_overdue
from migrator.orders.operations import cancel
from migrator.orders.queries import order_for_staff
from migrator.payments.gateway import GatewayUnreachable, PaymentGateway, StripeGateway
from tests.conftest import BACKENDS
from tests.factories.mortal import dies
from tests.factories.till import PAID_ONCE, Till
from tests.sandbox.stand_in import API_KEY, WEBHOOK_SECRET

MORE_STEPS_THAN_ANY = 20


def press_and_come_back(till: Till, number: str) -> None:
    """What a customer does who finds that nothing has happened."""
    answer = till.press_pay(number)
    assert answer.status_code == 303
    if answer.location.startswith(till.sandbox.url):
        checkout_id = answer.location.rpartition("/")[2]
        till.card(checkout_id)


def every_step(till: Till, prepare: Callable[[str], Callable[[], object]]) -> int:
    """This will kill the door that `prepare` opens for an order at each of its steps, and count them."""
    for step in count(1):
        number = till.order()
        alive = not dies(till.app, prepare(number), at_step=step)
        till.sweep()
        if till.books(number) != PAID_ONCE:
            press_and_come_back(till, number)
            till.sweep()
        assert till.books(number) == PAID_ONCE, f"killed at step {step}"
        assert till.charges(number) == 1
        if alive:
            return step - 1
        assert step < MORE_STEPS_THAN_ANY
    raise AssertionError


def test_killed_anywhere_in_the_press_of_the_button(till: Till) -> None:
    assert every_step(till, lambda number: lambda: till.press_pay(number)) >= 8


def test_killed_anywhere_on_the_way_back(till: Till) -> None:
    def prepare(number: str) -> Callable[[], object]:
        checkout_id = till.paid_at_provider(number)
        return lambda: till.come_back(number, checkout_id)

    assert every_step(till, prepare) >= 4


def test_killed_anywhere_in_the_message_s_arrival(till: Till) -> None:
    def prepare(number: str) -> Callable[[], object]:
        till.paid_at_provider(number)
        told = till.events(number)[-1]
        return lambda: till.tell(told)

    assert every_step(till, prepare) >= 4


def test_killed_anywhere_in_the_sweep_with_a_message_waiting(till: Till) -> None:
    def prepare(number: str) -> Callable[[], object]:
        till.paid_at_provider(number)
        till.tell(till.events(number)[-1])
        return till.sweep

    assert every_step(till, prepare) >= 4


def test_without_any_message_the_sweep_settles(till: Till) -> None:
    number = till.order()
    till.paid_at_provider(number)
    till.sweep()
    assert till.books(number) == PAID_ONCE


def test_the_sweep_ends_what_was_left_open_too_long(till: Till) -> None:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.sweep()
    assert till.books(number).attempts == ("open",)
    till.clock.advance(timedelta(minutes=60))
    till.sweep()
    assert till.books(number).attempts == ("expired",)
    assert till.gateway.checkout(checkout_id).status == "expired"


def test_each_minute_only_what_is_overdue_is_asked_about(till: Till) -> None:
    number = till.order()
    till.paid_at_provider(number)
    each_minute(till)
    assert till.books(number).attempts == ("open",)
    till.clock.advance(timedelta(minutes=60))
    each_minute(till)
    assert till.books(number) == PAID_ONCE


def test_the_minute_after_next_opens_what_was_begun_in_vain(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    till.use(Failing(gateway, "", GatewayUnreachable("away")))
    till.press_pay(number)
    till.use(gateway)
    for minute, state in enumerate(("prepared", "prepared", "open")):
        till.clock.advance(timedelta(seconds=0 if minute == 0 else 31))
        each_minute(till)
        assert till.books(number).attempts == (state,)


def test_the_minute_after_closes_what_the_order_no_longer_waits_for(till: Till) -> None:
    number = till.order()
    till.open_checkout(number)
    with till.app.app_context(), transaction() as session:
        order = order_for_staff(session, number, for_update=True)
        cancel(session, order, actor=till.customer.actor, now=till.clock.now())
    each_minute(till)
    assert till.books(number).attempts == ("expired",)


def test_a_sweep_that_could_not_ask_is_repeated(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    till.use(Failing(gateway, till.paid_at_provider(number), GatewayUnreachable("away")))
    with till.app.app_context(), pytest.raises(GatewayUnreachable):
        tasks.sweep()
    till.use(gateway)
    with till.app.app_context():
        tasks.sweep()
    assert till.books(number) == PAID_ONCE


def each_minute(till: Till) -> None:
    with till.app.app_context():
        settle_overdue(till.gateway, till.clock)


def test_one_that_cannot_be_settled_does_not_hold_up_the_others(till: Till) -> None:
    first, second = till.order(), till.order()
    broken = till.paid_at_provider(first)
    till.paid_at_provider(second)
    gateway = till.gateway
    till.use(Failing(gateway, broken, ZeroDivisionError("a mistake of ours")))
    till.sweep()
    assert till.books(first).attempts == ("open",)
    assert till.books(second) == PAID_ONCE
    till.use(gateway)
    till.sweep()
    assert till.books(first) == PAID_ONCE


def test_while_the_provider_is_away_everything_waits(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    checkout_id = till.paid_at_provider(number)
    till.tell(till.events(number)[-1])
    till.use(Failing(gateway, checkout_id, GatewayUnreachable("away")))
    till.sweep()
    assert till.books(number).attempts == ("open",)
    till.use(gateway)
    till.sweep()
    assert till.books(number) == PAID_ONCE


def test_an_attempt_that_never_reached_the_provider_in_time_makes_way_for_another(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    till.use(Failing(gateway, "", GatewayUnreachable("away")))
    assert till.press_pay(number).status_code == 503
    till.use(gateway)
    till.clock.advance(timedelta(hours=2))
    till.sweep()
    assert till.books(number).attempts == ("failed",)
    press_and_come_back(till, number)
    till.sweep()
    assert (till.books(number).attempts, till.charges(number)) == (("failed", "paid"), 1)


def test_a_checkout_that_the_provider_has_forgotten_makes_way_for_another(till: Till) -> None:
    number, gateway = till.order(), till.gateway
    forgotten = till.open_checkout(number)
    other = StripeGateway(API_KEY, WEBHOOK_SECRET, till.sandbox.url)
    till.use(Renaming(other, forgotten))
    till.sweep()
    till.use(gateway)
    assert till.books(number).attempts == ("failed",)
    assert till.open_checkout(number) != forgotten


def test_the_provider_killed_between_any_two_steps_takes_the_money_once(till: Till) -> None:
    number = till.order()
    till.sandbox.kill()
    assert till.press_pay(number).status_code == 503
    start_again(till)
    checkout_id = till.open_checkout(number)
    till.sandbox.kill()
    assert "We are confirming your payment" in till.come_back(number, checkout_id).text
    start_again(till)
    till.card(checkout_id)
    till.sandbox.kill()
    till.sweep()
    assert till.books(number).attempts == ("open",)
    start_again(till)
    till.sweep()
    assert till.books(number) == PAID_ONCE
    assert till.charges(number) == 1


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_all_that_can_settle_at_the_same_moment_settle_once(till: Till) -> None:
    number = till.order()
    checkout_id = till.paid_at_provider(number)
    till.tell(till.events(number)[-1])
    doors = [till.sweep, till.sweep, lambda: till.come_back(number, checkout_id), lambda: till.press_pay(number)]
    with ThreadPoolExecutor(len(doors)) as all_at_once:
        for answer in [all_at_once.submit(door) for door in doors]:
            answer.result()
    assert till.books(number) == PAID_ONCE


def start_again(till: Till) -> None:
    till.sandbox.start()
    till.use(StripeGateway(API_KEY, WEBHOOK_SECRET, till.sandbox.url))


class Failing:
    """A way to the provider that fails for one checkout, and for opening any when none is named."""

    def __init__(self, gateway: PaymentGateway, checkout_id: str, failure: Exception) -> None:
        self._gateway = gateway
        self._checkout_id = checkout_id
        self._failure = failure

    def create_checkout(self, request: Any) -> Any:
        if not self._checkout_id:
            raise self._failure
        return self._gateway.create_checkout(request)

    def checkout(self, session_id: str) -> Any:
        if session_id == self._checkout_id:
            raise self._failure
        return self._gateway.checkout(session_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


class Renaming:
    """A provider that does not know one checkout."""

    def __init__(self, gateway: PaymentGateway, forgotten: str) -> None:
        self._gateway = gateway
        self._forgotten = forgotten

    def checkout(self, session_id: str) -> Any:
        return self._gateway.checkout("cs_test_never" if session_id == self._forgotten else session_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="migrator.jobs.payments")
