"""Doubled, reordered, late or lost: the provider's messages always lead to the same end."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.jobs.payments import settle_events
from tests.factories.till import PAID_ONCE, Till
from tests.sandbox.stand_in import DECLINES

TOLD = 7
STEPS = st.lists(st.one_of(st.integers(0, TOLD - 1), st.sampled_from(["look", "come back"])), max_size=14)


def paid_after_a_decline(till: Till) -> tuple[str, str, list[dict[str, Any]]]:
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.card(checkout_id, DECLINES)
    till.card(checkout_id)
    told = till.events(number)
    assert len(told) == TOLD - 1
    return number, checkout_id, [*told, stale(told[-1])]


def stale(completed: dict[str, Any]) -> dict[str, Any]:
    """What a provider that contradicts itself would say: the checkout that was paid is said to have expired."""
    return {**completed, "id": completed["id"] + "_stale", "type": "checkout.session.expired"}


def look(till: Till) -> None:
    with till.app.app_context():
        settle_events(till.gateway, till.clock)


def test_in_every_order_the_messages_that_count_come_to_one_end(till: Till) -> None:
    counting = {"payment_intent.payment_failed", "checkout.session.completed", "checkout.session.expired"}
    for order_of_arrival in permutations(range(len(counting))):
        number, _, told = paid_after_a_decline(till)
        those = [event for event in told if event["type"] in counting]
        for place in order_of_arrival:
            till.tell(those[place])
            look(till)
        assert till.books(number) == PAID_ONCE


@given(steps=STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_lost_doubled_or_late_the_next_sweep_comes_to_the_same_end(
    till: Till, steps: list[int | str]
) -> None:
    number, checkout_id, told = paid_after_a_decline(till)
    for step in steps:
        if step == "look":
            look(till)
        elif step == "come back":
            till.come_back(number, checkout_id)
        else:
            assert till.tell(told[int(step)]).status_code == 200
    till.sweep()
    assert till.books(number) == PAID_ONCE
    assert till.charges(number) == 1
