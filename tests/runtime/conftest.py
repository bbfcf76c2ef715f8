"""A mail server of the tests' own, and messages that wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from migrator.clock.source import FileClock
from migrator.database.session import reading, transaction
from migrator.jobs.messages import deliver_messages
from migrator.notifications.gateway import SmtpPostman
from migrator.notifications.models import OwedMessage
from migrator.notifications.operations import owe_plain
from migrator.settings import Settings
from tests.runtime.mail_server import MailServer

Owe = Callable[..., int]
Fate = Callable[[int], OwedMessage]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postman(settings: Settings, mail_server: MailServer) -> SmtpPostman:
    return SmtpPostman(replace(settings, smtp_port=mail_server.port))


@pytest.fixture
def owed(app: Flask, now: datetime) -> Owe:
    """Owes a message in a transaction of its own and returns its id; keywords change what it says."""

    def owe_one(**differences: object) -> int:
        facts: dict[str, object] = {
            "kind": "order_paused",
            "cause": "pause:1",
            "address": "ines@atelier.example",
            "person_id": None,
            "subject": "Paused – MIG-7F3K-2",
            "text": "We cannot log in.\n",
            "html": "<p>We cannot log in.</p>\n",
            "now": now,
        }
        with app.app_context(), transaction() as session:
            message = owe_plain(session, **{**facts, **differences})  # type: ignore[arg-type]
            assert message is not None
            return message.id

    return owe_one


@pytest.fixture
def fate(app: Flask) -> Fate:
    """Tells what became of a message."""

    def look(owed_id: int) -> OwedMessage:
        with app.app_context(), reading() as session:
            message = session.get_one(OwedMessage, owed_id)
            session.expunge(message)
            return message

    return look


@pytest.fixture
def deliver(app: Flask, postman: SmtpPostman, clock: FileClock) -> Callable[[], int]:
    """Lets the worker look once."""

    def look() -> int:
        with app.app_context():
            return deliver_messages(postman, clock)

    return look
