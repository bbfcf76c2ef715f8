"""A really started stand-in, and a really listening product, for the tests of both sides."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import stripe

from migrator.clock.source import FileClock
from tests.factories import processes
from tests.factories.processes import Running

API_KEY = "sk_test_sandbox"
WEBHOOK_SECRET = "whsec_sandbox"
START = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
PAYS, DECLINES, ASKS = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0027 6000 3184"
PATIENCE_SECONDS = 20


class Receiver:
    """The product's end of the webhooks; it checks every signature and can be down."""

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], WEBHOOK_SECRET)
                receiver.events.append(event)
                self.send_response(200)
                self.end_headers()

            def log_request(self, *ignored: Any) -> None:
                """This will keep the test's output quiet."""

        self._door = Door
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.port = self._server.server_port
        self._listen()

    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def start_again(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._door)
        self._listen()

    def _listen(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()


@dataclass
class StandIn:
    """One state file, the process that serves it, and the ways to speak to it."""

    folder: Path
    webhook_url: str
    process: Running | None = None
    url: str = ""
    clock: FileClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = FileClock(self.folder / "clock")
        self.clock.set(START)

    @property
    def client(self) -> stripe.StripeClient:
        return stripe.StripeClient(API_KEY, base_addresses={"api": self.url})

    def start(self) -> None:
        command = ["--port", "0", "--api-key", API_KEY]
        command += ["--state", str(self.folder / "sandbox.sqlite"), "--webhook-secret", WEBHOOK_SECRET]
        command += ["--webhook-url", self.webhook_url, "--clock-file", str(self.clock.path)]
        environment = os.environ | {"MIGRATOR_INSTANCE": str(self.folder), "PYTHONUNBUFFERED": "1"}
        log = self.folder / "stand-in.log"
        log.unlink(missing_ok=True)
        self.process = Running(command, environment, log, program=processes.stand_in)
        eventually(lambda: log.exists() and log.read_text().endswith("\n"))
        found = re.search(r"http://\S+", log.read_text())
        assert found, "the stand-in did not start"
        self.url = found.group()

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()

    def end(self) -> int | None:
        assert self.process is not None
        return self.process.end(within_seconds=PATIENCE_SECONDS)

    def open_checkout(self, key: str | None = None, **differences: Any) -> stripe.checkout.Session:
        options: Any = {"idempotency_key": key} if key else {}
        return self.client.v1.checkout.sessions.create(self.parameters(**differences), options)

    def parameters(self, **differences: Any) -> Any:
        return {
            "mode": "payment",
            "client_reference_id": "M-1001",
            "customer_email": "olena@example.com",
            "line_items": [a_line("Standard migration", 24_900), a_line("Insurance, 14 days", 1_743)],
            "metadata": {"order_number": "M-1001"},
            "payment_intent_data": {"metadata": {"order_number": "M-1001"}},
            "adaptive_pricing": {"enabled": False},
            "success_url": "http://127.0.0.1:9/paid?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://127.0.0.1:9/cancelled",
            "expires_at": int(self.clock.now().timestamp()) + 3600,
        } | differences

    def advance(self, *, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    def pay(self, session_id: str, number: str = PAYS, **differences: str) -> requests.Response:
        form = {"number": number, "expiry": "09 / 34", "security_code": "123", "name": "Olena Koval"} | differences
        return requests.post(f"{self.url}/c/pay/{session_id}", data=form, allow_redirects=False, timeout=30)

    def answer_bank(self, session_id: str, answer: str) -> requests.Response:
        address = f"{self.url}/c/pay/{session_id}/authenticate"
        return requests.post(address, data={"answer": answer}, allow_redirects=False, timeout=30)

    def control(self, lever: str, **given: str) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/_sandbox/{lever}", json=given, timeout=30)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def page(self, path: str) -> requests.Response:
        return requests.get(self.url + path, headers={"Accept": "text/html"}, allow_redirects=False, timeout=30)


def a_line(name: str, amount: int, **differences: Any) -> dict[str, Any]:
    price = {"currency": "usd", "unit_amount": amount, "product_data": {"name": name}}
    return {"quantity": 1, "price_data": price} | differences


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
