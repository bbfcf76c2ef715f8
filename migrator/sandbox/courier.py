"""The background thread: brings owed events to the product, signed, until it answers, and ends sessions."""

from __future__ import annotations

import http.client
import json
import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import stripe

from migrator.clock.source import Clock, SystemClock
from migrator.sandbox.checkouts import expire_due
from migrator.sandbox.state import Body, DeliveryMode, Records, State, presented

POLL_SECONDS = 1
ANSWER_TIMEOUT_SECONDS = 10
LONGEST_PAUSE_SECONDS = 300
GIVE_UP_AFTER = timedelta(days=3)
MOST_ATTEMPTS = GIVE_UP_AFTER // timedelta(seconds=LONGEST_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One owed delivery: the event and how often it was tried."""

    sequence: int
    attempts: int
    event: Body


class Courier:
    """Delivers at least once: a crash between the product's answer and our note delivers again.

    The business clock decides when sessions end; the machine's decides about retries and dates the signatures,
    as it does at Stripe, so that a clock set by hand never makes a signature stale.
    """

    def __init__(self, state: State, *, clock: Clock, webhook_url: str | None, webhook_secret: str) -> None:
        self._state = state
        self._clock = clock
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._alarm = threading.Event()
        self._ending = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._rounds, name="courier")

    def start(self) -> None:
        """This will begin the rounds."""
        self._thread.start()

    def wake(self) -> None:
        """This will make the next round begin at once."""
        self._alarm.set()

    def end(self) -> None:
        """This will let the delivery under way finish, and stop."""
        self._ending.set()
        self._alarm.set()
        self._thread.join()

    def expire(self) -> None:
        """This will end the sessions whose time is over."""
        at = int(self._clock.now().timestamp())
        with self._state.reading() as records:
            if not records.overdue_checkouts(at):
                return
        with self._state.writing() as records:
            expire_due(records, at=at)

    def deliver(self) -> int:
        """This will try every delivery that is due, one after the other, and return how many were tried."""
        tried: set[int] = set()
        with self._one_at_a_time:
            while not self._ending.is_set() and (delivery := self._next(tried)):
                tried.add(delivery.sequence)
                self._note(delivery, self._answer(delivery.event))
        return len(tried)

    def _rounds(self) -> None:
        while not self._ending.is_set():
            self._alarm.clear()
            try:
                self.expire()
                self.deliver()
            except Exception:
                # One bad round, such as a clock file half written by hand, must not end all deliveries to come.
                logging.getLogger(__name__).exception("A round of deliveries failed; the next one tries again.")
            self._alarm.wait(POLL_SECONDS)

    def _next(self, tried: set[int]) -> Delivery | None:
        if self._webhook_url is None:
            return None
        with self._state.reading() as records:
            rows = records.connection.execute(
                "SELECT deliveries.sequence, attempts, body FROM deliveries JOIN objects ON objects.id = event_id"
                f" WHERE state = 'waiting' AND due_at <= ? ORDER BY deliveries.sequence {_order(records)}",
                (_machine_seconds(),),
            )
            for sequence, attempts, body in rows:
                if sequence not in tried:
                    return Delivery(sequence, attempts, json.loads(body))
        return None

    def _answer(self, event: Body) -> str:
        payload = json.dumps(presented(event), indent=2)
        target = urlsplit(self._webhook_url or "")
        kinds = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
        connection = kinds[target.scheme](target.netloc, timeout=ANSWER_TIMEOUT_SECONDS)
        try:
            connection.request("POST", target.path or "/", payload.encode(), self._headers(payload))
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {type(error).__name__}"
        finally:
            connection.close()

    def _headers(self, payload: str) -> dict[str, str]:
        signature = stripe.WebhookSignature.generate_signature_header(payload, self._webhook_secret)
        return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}

    def _note(self, delivery: Delivery, answer: str) -> None:
        attempts = delivery.attempts + 1
        state = "failed" if attempts >= MOST_ATTEMPTS else "waiting"
        if answer.startswith("2"):
            state = "delivered"
        due_at = _machine_seconds() + min(2**attempts, LONGEST_PAUSE_SECONDS)
        with self._state.writing() as records:
            records.connection.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, due_at = ?, last_answer = ? WHERE sequence = ?",
                (state, attempts, due_at, answer, delivery.sequence),
            )


def _order(records: Records) -> str:
    return "DESC" if records.delivery_mode() is DeliveryMode.REVERSE else "ASC"


def _machine_seconds() -> int:
    return int(SystemClock().now().timestamp())
