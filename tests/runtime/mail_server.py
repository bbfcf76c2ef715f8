"""A real mail server for the tests, which can be told to refuse."""

from __future__ import annotations

from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.factories.postgresql import free_port


class MailServer:
    """Listens on 127.0.0.1 and keeps what it takes.

    :ivar answers: what it answers to a recipient, by address; others are taken
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[EmailMessage] = []
        self.port = free_port()

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        with suppress(RuntimeError):
            self._controller.stop()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        return "250 Kept"
