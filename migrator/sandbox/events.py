"""What has happened, told in Stripe's event objects; each owes the product a delivery."""

from __future__ import annotations

import stripe

from migrator.sandbox.state import Body, DeliveryMode, Records, new_id, presented

CHOSEN, EVERY = "chosen_kinds", "*"


def announce(records: Records, kind: str, subject: Body, *, at: int) -> None:
    """This will record an event with the object as it is now, and owe its delivery as the mode says.

    :param at: Unix seconds by the clock of the business
    """
    event = records.add(
        {
            "id": new_id("evt"),
            "object": "event",
            "api_version": stripe.api_version,
            "created": at,
            "data": {"object": presented(subject)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
    )
    chosen = records.switch(CHOSEN)
    if chosen in {"", EVERY} or kind in chosen.split(","):
        owe(records, event["id"])


def choose_kinds(records: Records, kinds: str) -> None:
    """This will owe the events of these kinds alone from now on.

    :param kinds: with commas between; `*` for all
    """
    records.turn(CHOSEN, kinds)


def owe(records: Records, event_id: str) -> None:
    """This will enter the delivery of an event: twice, held or dropped if the mode says so."""
    mode = records.delivery_mode()
    state = {DeliveryMode.HOLD: "held", DeliveryMode.DROP: "dropped"}.get(mode, "waiting")
    for _ in range(2 if mode is DeliveryMode.DUPLICATE else 1):
        records.connection.execute("INSERT INTO deliveries (event_id, state) VALUES (?, ?)", (event_id, state))
