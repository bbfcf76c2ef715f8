"""Mail comes in as mail servers and mailboxes bring it: piped to the command, and fetched by IMAP."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from imapclient import IMAPClient
from sqlalchemy import select

from migrator.cli.mail import NO_MESSAGE
from migrator.database.session import reading
from migrator.jobs.mail import keep, look_at_mail
from migrator.settings import Settings
from migrator.support.mail.imap import Mailbox, MailboxUnreachable, fetch
from migrator.support.mail.models import IncomingMail
from migrator.support.mail.rules import Fate
from migrator.wiring import EXTENSION
from tests.factories.postgresql import free_port
from tests.support.mail.letters import a_letter

ROOT = Path(__file__).resolve().parents[2]
# The command and the mailbox are doors: one database is enough.
ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
USER, PASSWORD = "support", "a password of the mailbox"


def piped(settings: Settings, raw: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """This will do what a mail server does: start the command and write the message to it."""
    return subprocess.run(
        [sys.executable, "-m", "migrator", "mail", "receive"],
        cwd=ROOT,
        input=raw,
        capture_output=True,
        timeout=60,
        env={
            "PATH": "/usr/bin",
            "LC_ALL": "C.UTF-8",
            "MIGRATOR_INSTANCE": str(settings.instance),
            "DATABASE_URL": settings.database_url,
            **environment,
        },
    )


def fates(app: Flask) -> list[Fate]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(IncomingMail.fate).order_by(IncomingMail.id)))


@ON_ONE
def test_nothing_on_standard_input_is_said_so(app: Flask, settings: Settings) -> None:
    answer = piped(settings, b"\n")
    assert (answer.returncode, fates(app)) == (NO_MESSAGE, [])
    assert b"no message" in answer.stderr


@ON_ONE
def test_a_database_that_does_not_answer_makes_the_mail_server_try_again(settings: Settings) -> None:
    answer = piped(settings, a_letter().as_bytes(), DATABASE_URL=f"sqlite:///{settings.instance}/not-there/x.sqlite")
    assert answer.returncode == 75


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real IMAP server with an empty mailbox."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    server = subprocess.Popen([*command, "dict", "--demo-user", USER, "--demo-password", PASSWORD])
    found = Mailbox("127.0.0.1", port, USER, PASSWORD)
    try:
        _await(found)
        yield found
    finally:
        server.kill()
        server.wait()


def _await(mailbox: Mailbox) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            fetch(mailbox, lambda raw: None)
            return
        except MailboxUnreachable:
            assert time.monotonic() < until, "the mailbox did not open"
            time.sleep(0.1)


def put(mailbox: Mailbox, *letters: bytes) -> None:
    """This will lay messages into the mailbox, as senders do."""
    with IMAPClient(mailbox.host, mailbox.port, ssl=False) as client:
        client.login(mailbox.user, mailbox.password)
        for raw in letters:
            client.append(mailbox.folder, raw)


@ON_ONE
def test_what_lies_in_the_mailbox_is_fetched_once_even_after_a_kill(
    app: Flask, settings: Settings, mailbox: Mailbox
) -> None:
    put(mailbox, *(a_letter(message_id=f"<{each}@x.example>").as_bytes() for each in range(3)))
    parts = app.extensions[EXTENSION]
    here = {f"imap_{name}": getattr(mailbox, name) for name in ("host", "port", "user", "password", "folder")}
    app.extensions[EXTENSION] = replace(parts, settings=replace(settings, **here))
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            fetch(mailbox, lambda raw: _killed_after(keep(raw)))
        for _ in range(2):
            look_at_mail()
    assert fates(app) == [Fate.UNIDENTIFIED] * 3


def _killed_after(_kept: bool) -> None:
    raise KeyboardInterrupt


def test_a_wrong_password_is_a_sentence(mailbox: Mailbox) -> None:
    with pytest.raises(MailboxUnreachable, match="cannot be read"):
        fetch(replace(mailbox, password="wrong"), keep)
