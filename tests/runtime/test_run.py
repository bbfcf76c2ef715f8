"""`migrator run` and `migrator setup` as somebody at a terminal meets them: real processes in a folder of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrator.cli import main
from migrator.cli.run import keeps_mail, services
from migrator.settings import settings_from
from tests.factories.postgresql import free_port
from tests.factories.processes import Running

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN_SECONDS = 100
Run = subprocess.Popen[str]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "MIGRATOR_INSTANCE": str(tmp_path),
        "MIGRATOR_DEMO": "1",
        "MIGRATOR_PORT": str(free_port()),
        "MIGRATOR_SANDBOX_PORT": str(free_port()),
        "MIGRATOR_SMTP_PORT": str(free_port()),
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], Run]]:
    """Starts `migrator run` as a terminal would, writing what it says into a file."""
    running: list[Run] = []

    def start_one() -> Run:
        with (tmp_path / "said").open("w") as said:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "migrator", "run"],
                    cwd=ROOT,
                    env=environment,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    text=True,
                    start_new_session=True,
                )
            )
        return running[-1]

    yield start_one
    for run in running:
        run.kill()
        run.wait()


def wait_for(what: Callable[[], object], *, seconds: int = STARTS_WITHIN_SECONDS) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def said(folder: Path) -> str:
    return (folder / "said").read_text()


def status_of(environment: dict[str, str], path: str) -> int:
    connection = HTTPConnection("127.0.0.1", int(environment["MIGRATOR_PORT"]), timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def processes_of(folder: Path) -> dict[int, str]:
    """This will return the commands of all living processes of the installation in `folder`, by process id."""
    mark = f"MIGRATOR_INSTANCE={folder}".encode()
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (path / "environ").read_bytes().split(b"\0"):
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def process_of(folder: Path, command: str) -> int:
    return min(number for number, line in processes_of(folder).items() if line.strip().endswith(f"migrator {command}"))


@pytest.mark.timeout(600)
def test_an_installation_is_set_up_once_heals_itself_keeps_its_data_and_leaves_nobody_behind(
    start: Callable[[], Run], environment: dict[str, str], tmp_path: Path
) -> None:
    assert call(environment, "setup").returncode == 0
    keys, rows = (tmp_path / "keys.json").read_text(), dump(tmp_path)
    assert call(environment, "setup").returncode == 0
    assert (tmp_path / "keys.json").read_text() == keys
    assert dump(tmp_path) == rows
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0

    run = start()
    wait_for(lambda: "Migrator is ready." in said(tmp_path))
    assert "ines@atelier-ferreira.example" in said(tmp_path)
    assert status_of(environment, "/healthz") == 200
    assert status_of(environment, "/demo") == 200
    wait_for(lambda: list((tmp_path / "mail").glob("*.eml")))
    killed = process_of(tmp_path, "web")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: "web ended with status -9" in said(tmp_path))
    wait_for(lambda: status_of(environment, "/healthz") == 200)
    assert process_of(tmp_path, "web") != killed
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=30) == 0
    assert said(tmp_path).rstrip().endswith("Ended.")
    assert processes_of(tmp_path) == {}
    assert "Traceback" not in said(tmp_path)
    numbers = orders(tmp_path)

    run = start()
    wait_for(lambda: "Migrator is ready." in said(tmp_path))
    assert orders(tmp_path) == numbers != []
    run.kill()
    run.wait()
    wait_for(lambda: not processes_of(tmp_path), seconds=30)


def test_a_port_that_is_taken_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", int(environment["MIGRATOR_SANDBOX_PORT"]))):
        run = Running(["run"], environment, tmp_path / "said")
        assert run.status(within_seconds=STARTS_WITHIN_SECONDS) == 1
    assert f"Port {environment['MIGRATOR_SANDBOX_PORT']} is used by another program" in said(tmp_path)
    assert "MIGRATOR_SANDBOX_PORT" in said(tmp_path)
    assert "Traceback" not in said(tmp_path)


def test_the_stand_in_does_not_start_beside_real_payments(environment: dict[str, str]) -> None:
    environment |= {"STRIPE_API_KEY": "sk_test_real", "STRIPE_WEBHOOK_SECRET": "whsec_real"}
    answer = call(environment, "sandbox")
    assert answer.returncode == 1
    assert "payments go to Stripe" in answer.stderr
    assert "test payments" not in {service.name for service in services(settings_from(environment))}


def test_the_stand_in_for_mail_starts_only_in_the_demonstration(environment: dict[str, str]) -> None:
    assert keeps_mail(settings_from(environment))
    assert not keeps_mail(settings_from({**environment, "MIGRATOR_DEMO": "0"}))
    assert not keeps_mail(settings_from({**environment, "MIGRATOR_SMTP_HOST": "mail.northbridge.example"}))


def test_the_help_names_every_command() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for command in ("access", "calendar", "clock", "demo", "run", "setup", "staff", "web", "worker"):
        assert re.search(rf"^  {command} ", answer.output, re.MULTILINE), command


def call(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "migrator", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=STARTS_WITHIN_SECONDS,
        check=False,
    )


def orders(folder: Path) -> list[str]:
    rows = sqlite3.connect(folder / "migrator.sqlite")
    try:
        return [number for (number,) in rows.execute("SELECT number FROM orders ORDER BY id")]
    finally:
        rows.close()


def dump(folder: Path) -> list[str]:
    rows = sqlite3.connect(folder / "migrator.sqlite")
    try:
        return list(rows.iterdump())
    finally:
        rows.close()
