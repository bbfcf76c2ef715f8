"""Killed at any step of refunding: nothing is lost, and nobody gets the same money twice (PAYMENTS, rule 9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from migrator.jobs.refunds import send_refunds, settle_intent
from migrator.payments.refunds.lifecycle import RefundState
from tests.factories.counter import Counter
from tests.factories.machine import Machine
from tests.factories.mortal import dies
from tests.factories.till import Till
from tests.jobs.test_payments import MORE_STEPS_THAN_ANY


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)


def every_step(counter: Counter, door: Callable[[], object], *, later: timedelta) -> int:
    """This will kill the sending of a refund at each of its steps, let the sweep follow, and count the steps."""
    for step in count(1):
        number = counter.paid()
        refund_id = counter.ask(number, migration=10_000)
        alive = not dies(counter.till.app, door, at_step=step)
        counter.till.clock.advance(later)
        counter.sweep()
        assert counter.refund(refund_id).state is RefundState.DONE, f"killed at step {step}"
        assert counter.returned(number) == 10_000
        letters = [one for one in counter.reversed(number).letters if one.startswith("refund_made")]
        assert letters == [f"refund_made {counter.till.customer.email}"]
        if alive:
            return step - 1
        assert step < MORE_STEPS_THAN_ANY
    raise AssertionError


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=2)])
def test_killed_anywhere_while_a_refund_is_sent(counter: Counter, later: timedelta) -> None:
    """After two days the provider has forgotten the key, so that a second call would be a second refund."""
    till = counter.till

    def door() -> None:
        with till.app.app_context():
            send_refunds(till.gateway, till.clock)

    assert every_step(counter, door, later=later) >= 6


def test_killed_anywhere_while_a_refund_is_heard_to_have_come_back(counter: Counter, tmp_path: Path) -> None:
    """One credit note, one cancellation of it, one posting and one letter of each, and no number is left out."""
    till, number = counter.till, counter.paid()
    refund_id = counter.ask(number, migration=10_000)
    counter.send()
    counter.answer(str(counter.refund(refund_id).provider_id), "failed")
    intent = counter.payment(number).payment_intent_id

    def door() -> None:
        with till.app.app_context():
            settle_intent(intent, gateway=till.gateway, clock=till.clock)

    assert Machine(till.app, tmp_path).killed_everywhere(door) >= 10
    assert counter.refund(refund_id).state is RefundState.FAILED


def test_killed_anywhere_while_a_dispute_is_heard_of(counter: Counter) -> None:
    till = counter.till
    for step in count(1):
        number = counter.paid()
        counter.dispute(number)
        intent = counter.payment(number).payment_intent_id

        def door(intent: str = intent) -> None:
            with till.app.app_context():
                settle_intent(intent, gateway=till.gateway, clock=till.clock)

        alive = not dies(till.app, door, at_step=step)
        door()
        after = counter.reversed(number)
        assert after.disputes == (("needs_response", 1_500),)
        assert after.deeds.count("dispute.opened") == 1
        if alive:
            break
        assert step < MORE_STEPS_THAN_ANY
