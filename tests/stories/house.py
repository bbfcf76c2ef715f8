"""The whole product as its people meet it: web, worker, payment sandbox and mail, each a real process."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.app import create_app
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.jobs.queue import queue_of
from migrator.jobs.tasks import look_after_orders, look_after_tickets
from migrator.settings import settings_from
from migrator.upkeep.models import TaskState
from migrator.upkeep.tasks import Task
from tests.factories.postgresql import free_port
from tests.factories.processes import Running

PATIENCE_SECONDS = 30
PASSWORD = "a long enough password"
MAIL_CHECKER = "mx.migrator.example"
ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ("sandbox", "mail-sink", "web", "worker")
Answer = TypeVar("Answer")


class NothingCame(AssertionError):
    """What a person waits for did not come in time."""


def wait_for(what: str, question: Callable[[], Answer | None]) -> Answer:
    """This will ask again and again until there is an answer, for half a minute at the most."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.1)
    raise NothingCame(f"Waited {PATIENCE_SECONDS} s for {what}.")


class House:
    """One installation with its processes, its clock and its mailbox."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.sandbox_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
            "MIGRATOR_INSTANCE": str(folder),
            "MIGRATOR_PORT": str(self.port),
            "MIGRATOR_SANDBOX_PORT": str(self.sandbox_port),
            "MIGRATOR_SMTP_PORT": str(free_port()),
            "MIGRATOR_CLOCK_FILE": str(folder / "clock"),
            "MIGRATOR_RATE_LIMIT": "1000 per minute",
            "MIGRATOR_MAIL_CHECKER": MAIL_CHECKER,
            "MIGRATOR_DEMO": "1",
        }
        self.clock = FileClock(folder / "clock")
        self.processes: dict[str, Running] = {}
        self._app: Flask | None = None

    def open(self) -> None:
        """This will start everything and wait until it answers, and until the worker has looked for the first time."""
        for name in PROCESSES:
            self.start(name)
        self.await_web()
        wait_for("the mailbox", lambda: _listens(int(self.environment["MIGRATOR_SMTP_PORT"])))
        wait_for("the worker's first look", lambda: self._has_looked(self.clock.now()))

    def start(self, name: str) -> None:
        """This will start one process of the house."""
        self.processes[name] = Running([name], self.environment, self.folder / f"{name}.log")

    def kill(self, name: str) -> None:
        """This will end a process and its children at once, as a power cut would."""
        self.processes.pop(name).kill()

    def let_the_worker_look(self, local: str) -> None:
        """This will set the present as `set_clock` does, and wait until the worker has looked at orders and tickets.

        It has looked then at all that was there before: no other look happened at an instant that nobody had set. A
        worker that is down is started.
        """
        self.set_clock(local)
        now = self.clock.now()
        if "worker" in self.processes:
            with self.rows():
                for look in (look_after_tickets, look_after_orders):
                    queue_of(settings_from(self.environment)).task()(look)()
        else:
            self.start("worker")
        wait_for("the worker", lambda: self._has_looked(now))

    def _has_looked(self, now: datetime) -> bool:
        with self.rows() as session:
            looks = [session.get(TaskState, task) for task in (Task.TICKETS, Task.ENDS, Task.LETTERS)]
            return all(look and look.last_started_at == look.last_finished_at == now for look in looks)

    def await_web(self) -> None:
        """This will wait until web and sandbox answer."""
        for address in (f"{self.url}/healthz", f"http://127.0.0.1:{self.sandbox_port}/_sandbox/health"):
            wait_for(address, lambda address=address: _answers(address))  # type: ignore[misc]

    def close(self) -> None:
        """This will end everything."""
        for name in list(self.processes):
            self.kill(name)
        if self._app is not None:
            with self._app.app_context():
                db.engine.dispose()

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """This will open the house's database, to arrange what a story starts from and to count what it left."""
        if self._app is None:
            self._app = create_app(settings_from(self.environment), wake=lambda: None)
        with self._app.app_context(), transaction() as session:
            yield session

    def give_password(self, address: str) -> None:
        """This will let the person with that address sign in with `PASSWORD`."""
        with self.rows() as session:
            person = session.scalars(select(Person).where(Person.email == address)).one()
            person.password = hash_password(PASSWORD)

    def letters(self, address: str) -> list[EmailMessage]:
        """This will return the e-mails that reached an address, the oldest first."""
        found = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in sorted((self.folder / "mail").glob("*.eml"))
        ]
        return [letter for letter in found if address in str(letter["To"])]

    def letter(self, address: str, containing: str) -> str:
        """This will wait for an e-mail to `address` with these words and return its text."""

        def look() -> str | None:
            texts = (_text_of(letter) for letter in reversed(self.letters(address)))
            return next((words for words in texts if containing in words), None)

        return wait_for(f"an e-mail to {address} with “{containing}”", look)

    def take_in(self, letter: EmailMessage) -> None:
        """This will pipe a message of mail to the command that mail servers pipe to."""
        command = [sys.executable, "-m", "migrator", "mail", "receive"]
        subprocess.run(command, cwd=ROOT, env=self.environment, input=letter.as_bytes(), check=True, timeout=60)

    def link_in(self, address: str, containing: str, pattern: str) -> str:
        """This will wait for an e-mail and return the first link in it that matches."""
        words = self.letter(address, containing)
        found = re.search(rf"https?://\S*{pattern}\S*", words)
        assert found, words
        return found.group(0)

    def provider_events(self) -> list[dict[str, object]]:
        """This will return what the provider says has happened."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.sandbox_port}/_sandbox/events", timeout=5) as answer:
            found: list[dict[str, object]] = json.load(answer)["data"]
            return found

    def set_clock(self, local: str) -> None:
        """This will set the house's present, given with its offset: `2026-11-27T15:00+02:00`."""
        self.clock.set(datetime.fromisoformat(local))


def _text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return f"{letter['Subject']}\n{body.get_content() if body else ''}"


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
