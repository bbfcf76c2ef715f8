"""The provider's messages: proved over the raw body, kept once, answered at once."""

from __future__ import annotations

import json

import pytest
import stripe
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from migrator.database.session import reading
from migrator.jobs.payments import settle_events
from migrator.payments.models import ProviderEvent
from migrator.payments.queries import attempt_behind
from tests.factories.till import PAID_ONCE, Till
from tests.sandbox.stand_in import WEBHOOK_SECRET

EVENT = {
    "id": "evt_test_1",
    "object": "event",
    "type": "checkout.session.completed",
    "created": 1_795_510_800,
    "livemode": False,
    "data": {"object": {"id": "cs_test_1", "object": "checkout.session", "metadata": {}}},
}


def test_a_proved_message_is_kept_and_looked_at_later(till: Till) -> None:
    number = till.order()
    till.paid_at_provider(number)
    told = till.tell(till.events(number)[-1])
    assert (told.status_code, told.text) == (200, "stored\n")
    assert till.books(number).state == "awaiting_payment"
    look(till)
    assert till.books(number) == PAID_ONCE


def test_the_same_message_is_kept_once(till: Till) -> None:
    assert [till.tell(EVENT).status_code for _ in range(3)] == [200, 200, 200]
    assert kept(till) == 1


@pytest.mark.parametrize("attempt_id", ["9" * 19, "9" * 6_000, "²", "٣", "-1", " 1", "1\n", ""])
def test_a_number_that_no_attempt_can_have_is_nobody_s(till: Till, attempt_id: str) -> None:
    thing = {"id": "pi_1", "object": "payment_intent", "metadata": {"attempt_id": attempt_id}}
    told = till.tell({**EVENT, "type": "payment_intent.payment_failed", "data": {"object": thing}})
    assert (told.status_code, told.text) == (200, "ignored\n")
    with till.app.app_context(), reading() as session:
        assert attempt_behind(session, "cs_unknown", attempt_id) is None


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "t=1,v1=00",
        "nonsense",
        stripe.WebhookSignature.generate_signature_header(json.dumps(EVENT), "whsec_of_somebody_else"),
        stripe.WebhookSignature.generate_signature_header(json.dumps(EVENT), WEBHOOK_SECRET, timestamp=1_000_000_000),
    ],
    ids=["none", "empty", "short", "nonsense", "of another secret", "too old"],
)
def test_an_unproved_message_leaves_nothing(till: Till, signature: str | None) -> None:
    headers = {} if signature is None else {"Stripe-Signature": signature}
    assert post(till, json.dumps(EVENT), headers).status_code == 400
    assert kept(till) == 0


def test_a_signature_covers_the_body_to_the_letter(till: Till) -> None:
    signature = stripe.WebhookSignature.generate_signature_header(json.dumps(EVENT), WEBHOOK_SECRET)
    assert post(till, json.dumps(EVENT, indent=1), {"Stripe-Signature": signature}).status_code == 400


@pytest.mark.parametrize("body", ["", "{", "null", "[]", '"text"', "{}", '{"id": "evt_1"}'])
def test_a_signed_message_that_is_no_event_leaves_nothing(till: Till, body: str) -> None:
    signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET)
    assert post(till, body, {"Stripe-Signature": signature}).status_code == 400
    assert kept(till) == 0


def test_a_huge_message_is_not_even_read(till: Till) -> None:
    body = json.dumps({**EVENT, "padding": "x" * 300_000})
    signature = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET)
    assert post(till, body, {"Stripe-Signature": signature}).status_code == 413
    assert kept(till) == 0


def test_a_message_of_real_money_is_quarantined_among_test_money(till: Till) -> None:
    assert till.tell({**EVENT, "livemode": True}).text == "quarantined\n"
    look(till)
    assert states(till) == ["quarantined"]


@pytest.mark.parametrize("kind", ["invoice.paid", "payment_intent.created", "charge.succeeded"])
def test_kinds_that_we_do_not_know_are_kept_and_ignored(till: Till, kind: str) -> None:
    assert till.tell({**EVENT, "type": kind}).text == "ignored\n"


def test_a_message_about_a_checkout_that_the_provider_does_not_know_is_quarantined(till: Till) -> None:
    till.tell(EVENT)
    look(till)
    assert states(till) == ["quarantined"]


def test_somebody_else_s_checkout_is_ignored_and_one_that_names_us_in_vain_is_quarantined(till: Till) -> None:
    theirs = till.sandbox.open_checkout(metadata={})
    vain = till.sandbox.open_checkout(metadata={"attempt_id": "987654321"})
    for number, session in enumerate([theirs, vain]):
        about = {"object": {"id": session.id, "object": "checkout.session", "metadata": {}}}
        till.tell({**EVENT, "id": f"evt_{number}", "data": about})
    look(till)
    assert sorted(states(till)) == ["ignored", "quarantined"]


def test_nobody_reads_messages_by_get(till: Till) -> None:
    assert till.app.test_client().get("/webhooks/stripe").status_code == 405


def post(till: Till, body: str, headers: dict[str, str]) -> TestResponse:
    return till.app.test_client().post("/webhooks/stripe", data=body, headers=headers)


def look(till: Till) -> None:
    with till.app.app_context():
        settle_events(till.gateway, till.clock)


def kept(till: Till) -> int:
    with till.app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(ProviderEvent)) or 0


def states(till: Till) -> list[str]:
    with till.app.app_context(), reading() as session:
        return [str(state) for state in session.scalars(select(ProviderEvent.state))]
