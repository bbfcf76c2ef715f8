"""Disputes hold cover and refunds; their messages come to one end in every order (PAYMENTS, rule 7)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from migrator.database.session import reading
from migrator.orders.queries import order_for_staff
from migrator.payments.disputes.cover_queries import REFUNDED, SUSPENDED, VOID, cover_suspension
from migrator.payments.refunds.rules import RefundsWait
from tests.factories.counter import Counter, Reversed
from tests.factories.till import Till

# What is asked here is the same on both databases.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)


def suspension(counter: Counter, number: str) -> str:
    with counter.till.app.app_context(), reading() as session:
        return cover_suspension(session, order_for_staff(session, number).id)


def test_an_open_dispute_suspends_cover_and_refunds_until_it_is_won(counter: Counter) -> None:
    number = counter.paid()
    dispute_id = counter.dispute(number)
    counter.sweep()
    assert counter.reversed(number).disputes == (("needs_response", 1_500),)
    assert suspension(counter, number) == SUSPENDED
    with pytest.raises(RefundsWait):
        counter.ask(number, migration=1_000)
    counter.till.sandbox.control(f"disputes/{dispute_id}/review")
    counter.sweep()
    assert counter.reversed(number).disputes == (("under_review", 1_500),)
    counter.decide(dispute_id, "won")
    counter.sweep()
    assert counter.reversed(number).disputes == (("won", 0),)
    assert suspension(counter, number) == ""
    counter.ask(number, migration=1_000)
    counter.send()
    assert counter.returned(number) == 1_000


def test_a_lost_dispute_voids_the_cover_and_nothing_is_left_to_give_back(counter: Counter) -> None:
    number = counter.paid()
    dispute_id = counter.dispute(number)
    counter.decide(dispute_id, "lost")
    counter.sweep()
    after = counter.reversed(number)
    assert after.disputes == (("lost", 1_500),)
    assert suspension(counter, number) == VOID
    assert {"dispute.opened", "dispute.lost"} <= set(after.deeds)
    assert f"dispute_moved {counter.first.email}" in after.letters
    with pytest.raises(Exception, match="can still go back"):
        counter.ask(number, migration=1)


def test_a_refunded_insurance_covers_no_restart(counter: Counter) -> None:
    number = counter.paid()
    counter.ask(number, insurance=1_743)
    assert suspension(counter, number) == REFUNDED


def test_an_approval_waits_while_the_bank_decides(counter: Counter) -> None:
    number = counter.paid()
    refund_id = counter.ask(number, limit=counter.payment(number).amount - counter.payment(number).amount, migration=1)
    counter.dispute(number)
    counter.sweep()
    with pytest.raises(RefundsWait):
        counter.approve(refund_id)


TOLD = ("checkout.session.completed", "refund.created", "charge.refunded", "charge.dispute.created",
        "charge.dispute.closed")  # fmt: skip


def a_life(counter: Counter) -> tuple[str, list[dict[str, Any]]]:
    """A customer pays, gets 50.00 back in the dashboard, disputes the rest at the bank, and loses."""
    till = counter.till
    number = till.order()
    checkout_id = till.open_checkout(number)
    till.card(checkout_id)
    client = till.sandbox.client.v1
    intent = str(client.checkout.sessions.retrieve(checkout_id).payment_intent)
    client.refunds.create({"payment_intent": intent, "amount": 5_000})
    dispute_id = str(till.sandbox.control("disputes", payment_intent=intent)["id"])
    counter.decide(dispute_id, "won")
    told = [event.to_dict() for event in client.events.list({"limit": 30}).data]
    ours = [event for event in reversed(told) if intent in str(event["data"]["object"])]
    return number, [next(event for event in ours if event["type"] == kind) for kind in TOLD]


def the_end(counter: Counter) -> Reversed:
    finance = (counter.first.email, counter.second.email)
    number, told = a_life(counter)
    for event in told:
        counter.till.tell(event)
        counter.hear()
    end = counter.reversed(number)
    assert (end.state, end.refunds, end.disputes) == ("awaiting_access", (("done", 5_000, False),), (("won", 0),))
    assert sum(letter.startswith("dispute_moved") and letter.endswith(finance) for letter in end.letters) == 4
    return end


def test_in_every_order_the_messages_of_a_life_come_to_one_end(counter: Counter) -> None:
    expected = the_end(counter)
    for arrival in list(permutations(range(len(TOLD))))[::13]:
        number, told = a_life(counter)
        for place in arrival:
            counter.till.tell(told[place])
            counter.hear()
        assert counter.reversed(number) == expected, arrival


@given(
    steps=some.lists(some.one_of(some.integers(0, len(TOLD) - 1), some.sampled_from(["hear", "sweep"])), max_size=10)
)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_lost_doubled_or_late_the_next_sweep_comes_to_the_same_end(
    counter: Counter, steps: list[int | str]
) -> None:
    expected = the_end(counter)
    number, told = a_life(counter)
    for step in steps:
        if step == "hear":
            counter.hear()
        elif step == "sweep":
            counter.sweep()
        else:
            assert counter.till.tell(told[int(step)]).status_code == 200
    counter.till.sweep()
    counter.sweep()
    assert counter.reversed(number) == expected


def test_a_message_about_somebody_else_s_payment_is_ignored(counter: Counter) -> None:
    number, told = a_life(counter)
    strange = told[1]
    strange["data"]["object"]["payment_intent"] = "pi_of_another_shop"
    strange["id"] = "evt_strange"
    assert counter.till.tell(strange).text == "stored\n"
    counter.hear()
    assert counter.reversed(number).refunds == ()
