"""Events reach the product signed, at least once, whatever is switched off in between."""

import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import requests
from click.testing import CliRunner

from migrator.sandbox.__main__ import main
from tests.sandbox.stand_in import DECLINES, WEBHOOK_SECRET, Receiver, StandIn, eventually

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def a_paid_session(stand_in: StandIn) -> str:
    session = stand_in.open_checkout()
    stand_in.pay(session.id)
    return session.id


def test_a_payment_is_told_in_signed_events(stand_in: StandIn, receiver: Receiver) -> None:
    session_id = a_paid_session(stand_in)
    eventually(lambda: receiver.types() == PAID)
    told = receiver.events[-1]
    assert told.data.object.id == session_id
    assert told.created == int(stand_in.clock.now().timestamp())
    assert [event.id for event in stand_in.client.v1.events.list().data] == [one.id for one in receiver.events[::-1]]


def test_a_decline_is_told(stand_in: StandIn, receiver: Receiver) -> None:
    stand_in.pay(stand_in.open_checkout().id, DECLINES)
    eventually(lambda: "payment_intent.payment_failed" in receiver.types())


def test_a_session_expires_by_the_clock_of_the_business(stand_in: StandIn, receiver: Receiver) -> None:
    session = stand_in.open_checkout()
    stand_in.advance(minutes=59)
    assert stand_in.client.v1.checkout.sessions.retrieve(session.id).status == "open"
    stand_in.advance(minutes=1)
    eventually(lambda: receiver.types() == ["checkout.session.expired"])
    assert stand_in.client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_session_expired_by_hand_is_told_once(stand_in: StandIn, receiver: Receiver) -> None:
    session = stand_in.open_checkout()
    assert stand_in.client.v1.checkout.sessions.expire(session.id).status == "expired"
    stand_in.advance(minutes=120)
    stand_in.control("deliver")
    assert receiver.types() == ["checkout.session.expired"]


def test_events_wait_until_the_product_is_back(stand_in: StandIn, receiver: Receiver) -> None:
    receiver.stop()
    a_paid_session(stand_in)
    eventually(lambda: all(one["attempts"] for one in deliveries(stand_in)))
    assert {one["state"] for one in deliveries(stand_in)} == {"waiting"}
    receiver.start_again()
    eventually(lambda: sorted(receiver.types()) == sorted(PAID))


def test_a_killed_stand_in_forgets_nothing(stand_in: StandIn, receiver: Receiver) -> None:
    receiver.stop()
    paid, opened = a_paid_session(stand_in), stand_in.open_checkout(key="attempt-9")
    stand_in.kill()
    receiver.start_again()
    stand_in.start()
    sessions = stand_in.client.v1.checkout.sessions
    assert sessions.retrieve(paid).payment_status == "paid"
    assert sessions.retrieve(opened.id).status == "open"
    assert stand_in.open_checkout(key="attempt-9").id == opened.id
    eventually(lambda: sorted(receiver.types()) == sorted(PAID))


def test_killed_while_being_paid_it_has_charged_wholly_or_not_at_all(stand_in: StandIn) -> None:
    session_ids = [stand_in.open_checkout().id for _ in range(6)]
    with ThreadPoolExecutor(6) as people:
        payments = [people.submit(stand_in.pay, one) for one in session_ids]
        wait(payments, return_when=FIRST_COMPLETED)
        stand_in.kill()
    assert any(payment.exception() is None for payment in payments)
    stand_in.start()
    sessions = [stand_in.client.v1.checkout.sessions.retrieve(one) for one in session_ids]
    charged = {charge.payment_intent for charge in stand_in.client.v1.charges.list().data}
    assert charged == {one.payment_intent for one in sessions if one.payment_status == "paid"}
    completed = stand_in.client.v1.events.list({"type": "checkout.session.completed"}).data
    assert len(completed) == len(charged)


def test_held_events_come_when_they_are_released(stand_in: StandIn, receiver: Receiver) -> None:
    stand_in.control("deliveries", mode="hold")
    a_paid_session(stand_in)
    assert {one["state"] for one in deliveries(stand_in)} == {"held"}
    assert stand_in.control("deliver") == {"tried": 4}
    assert receiver.types() == PAID


def test_dropped_events_never_come_until_they_are_resent(stand_in: StandIn, receiver: Receiver) -> None:
    stand_in.control("deliveries", mode="drop")
    a_paid_session(stand_in)
    stand_in.control("deliveries", mode="normal")
    assert stand_in.control("deliver") == {"tried": 0}
    stand_in.control("deliver", event=stand_in.client.v1.events.list().data[0].id)
    eventually(lambda: receiver.types() == ["checkout.session.completed"])


def test_doubled_events_have_the_same_id(stand_in: StandIn, receiver: Receiver) -> None:
    stand_in.control("deliveries", mode="duplicate")
    a_paid_session(stand_in)
    eventually(lambda: len(receiver.events) == 8)
    assert len({event.id for event in receiver.events}) == 4


def test_reversed_events_come_newest_first(stand_in: StandIn, receiver: Receiver) -> None:
    stand_in.control("deliveries", mode="hold")
    a_paid_session(stand_in)
    stand_in.control("deliveries", mode="reverse")
    stand_in.control("deliver")
    eventually(lambda: receiver.types() == PAID[::-1])


def test_refunds_disputes_and_payouts_are_told(stand_in: StandIn, receiver: Receiver) -> None:
    for _ in range(3):
        a_paid_session(stand_in)
    first, second, _ = (intent.id for intent in stand_in.client.v1.payment_intents.list().data)
    refund = stand_in.client.v1.refunds.create({"payment_intent": first})
    stand_in.control(f"refunds/{refund.id}/fail")
    dispute = stand_in.control("disputes", payment_intent=second)
    stand_in.control(f"disputes/{dispute['id']}/review")
    stand_in.control(f"disputes/{dispute['id']}/close", outcome="lost")
    stand_in.control("payouts")
    expected = {"refund.created", "charge.refunded", "charge.dispute.created", "charge.dispute.funds_withdrawn"}
    expected |= {
        "refund.failed",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "payout.paid",
        "payout.reconciliation_completed",
    }
    eventually(lambda: expected <= set(receiver.types()))


def test_another_site_cannot_pull_the_levers(stand_in: StandIn) -> None:
    address = f"{stand_in.url}/_sandbox/deliveries"
    answer = requests.post(address, {"mode": "drop"}, headers={"Sec-Fetch-Site": "cross-site"}, timeout=30)
    assert answer.status_code == 403


def test_an_unknown_delivery_mode_is_refused(stand_in: StandIn) -> None:
    assert requests.post(f"{stand_in.url}/_sandbox/deliveries", {"mode": "eat"}, timeout=30).status_code == 400


def test_it_ends_cleanly_when_asked(stand_in: StandIn) -> None:
    started = time.monotonic()
    assert stand_in.end() == 0
    assert time.monotonic() - started < 5


def test_it_never_starts_beside_stripe_itself(tmp_path: Path) -> None:
    environment = {
        "STRIPE_API_KEY": "sk_test_1",
        "STRIPE_WEBHOOK_SECRET": "whsec_1",
        "MIGRATOR_INSTANCE": str(tmp_path),
    }
    answer = CliRunner(env=environment).invoke(main, ["--port", "0"])
    assert answer.exit_code == 1
    assert "payments go to Stripe itself" in answer.output


def test_it_says_nothing_of_its_secrets(stand_in: StandIn) -> None:
    a_paid_session(stand_in)
    told = requests.get(f"{stand_in.url}/_sandbox/events", timeout=30).text
    assert WEBHOOK_SECRET not in told
    assert '"_' not in told


def deliveries(stand_in: StandIn) -> list[dict[str, str]]:
    events = requests.get(f"{stand_in.url}/_sandbox/events", timeout=30).json()["data"]
    return [delivery for event in events for delivery in event["deliveries"]]
