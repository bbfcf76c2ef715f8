"""`migrator mail-sink`: the demonstration's mail server. It takes every message and keeps it as a file."""

from __future__ import annotations

import secrets
import signal
import threading
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from aiosmtpd.controller import Controller

from migrator.cli.installation import Installation
from migrator.clock.source import SystemClock

TAKEN = "250 Kept"


class Keeper:
    """Writes each message that arrives into a folder; a repetition of one that is there changes nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """This will keep one message."""
        self.keep(envelope.content)
        return TAKEN

    def keep(self, content: bytes) -> None:
        """This will keep a message, whole or not at all, so that the names sort by arrival; known by its Message-ID."""
        name = message_from_bytes(content).get("Message-ID") or secrets.token_hex(16)
        mark = sha256(name.encode()).hexdigest()[:16]
        if any(self.folder.glob(f"*-{mark}.eml")):
            return
        draft = self.folder / f"{mark}.draft"
        draft.write_bytes(content)
        draft.replace(self.folder / f"{SystemClock().now():%Y%m%dT%H%M%S%f}-{mark}.eml")


@click.command("mail-sink")
@click.pass_obj
def mail_sink(installation: Installation) -> None:
    """Takes the demonstration's e-mails and keeps them in instance/mail."""
    settings = installation.settings()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    controller = Controller(Keeper(settings.instance / "mail"), hostname="127.0.0.1", port=settings.smtp_port)
    controller.start()
    ended.wait()
    controller.stop()
