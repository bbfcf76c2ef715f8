"""The worker as a process: woken, killed, started again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from migrator.clock.source import FileClock
from migrator.jobs import wake_of
from migrator.settings import Settings
from tests.conftest import KEYS
from tests.factories.processes import Running
from tests.runtime.conftest import Owe
from tests.runtime.mail_server import MailServer

# Far less than the minute after which the worker looks by itself.
WOKEN_WITHIN_SECONDS = 15
STARTS_WITHIN_SECONDS = 60


@pytest.fixture
def start_worker(
    settings: Settings, clock: FileClock, mail_server: MailServer, tmp_path: Path
) -> Iterator[Callable[[], Running]]:
    workers: list[Running] = []
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "MIGRATOR_INSTANCE": str(settings.instance),
        "MIGRATOR_CLOCK_FILE": str(clock.path),
        "MIGRATOR_SMTP_PORT": str(mail_server.port),
        "MIGRATOR_SECRET_KEY": KEYS.secret_key,
    }

    def start() -> Running:
        workers.append(Running(["worker"], environment, tmp_path / "worker.log"))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()


def wait_until(true: Callable[[], bool], *, seconds: int) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_woken_worker_delivers_at_once_and_ends_when_asked(
    app: Flask, settings: Settings, owed: Owe, mail_server: MailServer, start_worker: Callable[[], Running]
) -> None:
    owed()
    worker = start_worker()
    assert wait_until(lambda: len(mail_server.taken) == 1, seconds=STARTS_WITHIN_SECONDS)
    owed(cause="pause:2")
    wake_of(settings)()
    assert wait_until(lambda: len(mail_server.taken) == 2, seconds=WOKEN_WITHIN_SECONDS)
    assert worker.end(within_seconds=30) == 0


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_owed_while_the_worker_was_dead_leaves_when_it_is_back(
    app: Flask, settings: Settings, owed: Owe, mail_server: MailServer, start_worker: Callable[[], Running]
) -> None:
    owed()
    worker = start_worker()
    assert wait_until(lambda: len(mail_server.taken) == 1, seconds=STARTS_WITHIN_SECONDS)
    worker.kill()
    owed(cause="pause:2")
    wake_of(settings)()
    start_worker()
    assert wait_until(lambda: len(mail_server.taken) == 2, seconds=STARTS_WITHIN_SECONDS)


def test_a_queue_that_cannot_be_written_delays_work_and_breaks_nothing(settings: Settings, tmp_path: Path) -> None:
    wake = wake_of(settings)
    for path in settings.instance.glob("queue.sqlite*"):
        path.unlink()
    (tmp_path / "queue.sqlite").mkdir()
    wake()
