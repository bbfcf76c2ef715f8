"""`migrator demo month`: a month of sales against a payment sandbox of its own, found, mended and closed."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.serving import make_server

from migrator.cli.installation import Installation
from migrator.cli.ports import LOCAL, PortTaken, answers, is_taken
from migrator.cli.setup import prepare
from migrator.clock.source import FileClock, SystemClock
from migrator.clock.wording import counted_text
from migrator.database.session import transaction
from migrator.demo.month.closing import Closed, Found, closed, found_in
from migrator.demo.month.kinds import Month
from migrator.demo.month.opening import month_to_play, open_company
from migrator.demo.month.playing import play, prepared
from migrator.demo.month.provider import Provider
from migrator.demo.month.world import World
from migrator.errors import DomainError
from migrator.finance.desk_days import instants_of, month_text
from migrator.finance.reconciliation.rules import MEANINGS
from migrator.settings import Settings
from migrator.wiring import wiring

LOOKS_EACH_SECONDS, PATIENCE_SECONDS, ENDS_WITHIN_SECONDS = 0.05, 60, 10
CLOCK = "month.clock"
# As `web/log.py` knows it.
UNLOGGED = "migrator.unlogged"


class NotStarted(DomainError):
    """The sandbox did not answer."""


class NotAsPlanted(DomainError):
    """A run has found less or more than was planted."""


class RealPayments(DomainError):
    """A Stripe key is set."""


@click.command()
@click.option("--orders", type=click.IntRange(1, 100_000), default=5_000, show_default=True, help="How many are sold.")
@click.option("--each", type=click.IntRange(1, 8), default=3, show_default=True, help="How often each mistake is made.")
@click.pass_obj
def month(installation: Installation, orders: int, each: int) -> None:
    """Plays the last whole month in an empty database: orders, payments, mistakes, reconciliation, and the close."""
    settings = installation.settings()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    if not settings.uses_sandbox:
        raise RealPayments("STRIPE_API_KEY is set. A month is played with test payments alone.")
    if is_taken(settings.sandbox_port):
        raise PortTaken(
            f"Port {settings.sandbox_port} is used; end that, or choose another with MIGRATOR_SANDBOX_PORT."
        )
    present = FileClock(settings.clock_file) if settings.clock_file else SystemClock()
    clock = FileClock(settings.instance / CLOCK)
    app = installation.application_at(clock)
    prepare(app)
    name = month_to_play(present.now())
    click.echo(f"{month_text(name)}: {counted_text(orders, 'order')}, each mistake {each} times.")
    try:
        _play(installation, app, clock, name, orders=orders, each=each)
    finally:
        # From here on the present is the machine's again.
        clock.path.unlink(missing_ok=True)


def _play(installation: Installation, app: Flask, clock: FileClock, name: str, *, orders: int, each: int) -> None:
    settings, begins_at = installation.settings(), instants_of(name)[0]
    with app.app_context():
        with transaction() as session:
            calendar, people = open_company(session, orders=orders, before=begins_at)
            played = prepared(people, calendar, name, orders=orders, each=each)
        world = World(
            clock=clock,
            provider=Provider(settings.stripe_api_base, settings.stripe_api_key),
            gateway=wiring().gateway,
            chores=installation.money_chores(),
            calendar=calendar,
            people=people,
            base_url=settings.base_url,
            refund_limit=settings.refund_limit("USD"),
            decision_limit_minor=settings.decision_limit_minor,
        )
        clock.set(begins_at)
        with _door(app) as port, _sandbox(settings, clock.path, port), world.provider.holding_events():
            _live_through(world, played)


def _live_through(world: World, played: Month) -> None:
    with click.progressbar(length=len(played.sales), label="Sold and paid") as bar:
        play(world, played, tick=bar.update)
    found = found_in(world, played)
    _tell_found(found)
    if not found.is_right:
        raise NotAsPlanted("What was found is not what was planted.")
    _tell_closed(played.name, closed(world, played))


def _tell_found(found: Found) -> None:
    click.echo(f"\n{'What does not fit':<40} {'planted':>8} {'found':>8}")
    for row in found.rows:
        click.echo(f"{MEANINGS[row.code].title:<40} {row.planted:>8} {row.found:>8}")
    click.echo(f"{'Not planted':<40} {'':>8} {len(found.unexpected):>8}")
    for code, subject in found.unexpected:
        click.echo(f"  {MEANINGS[code].title}: {subject}")


def _tell_closed(name: str, closed_month: Closed) -> None:
    click.echo()
    for law in closed_month.laws:
        sum_of = " + ".join(f"{words} {amount}" for words, amount in law.right)
        words, amount = law.left
        click.echo(f"{'holds' if law.holds else 'BROKEN':<7} {law.name}: {words} {amount} = {sum_of}")
    click.echo(f"\n{month_text(name)} is locked: {closed_month.lines} lines, SHA-256 {closed_month.sha256}")


@contextmanager
def _door(app: Flask) -> Iterator[int]:
    """This will serve our own pages to the sandbox's messages meanwhile, without a line in the log for each."""

    def quietly(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return app({**environ, UNLOGGED: True}, start_response)

    server = make_server(LOCAL, 0, quietly, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="door", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def _sandbox(settings: Settings, clock_path: Path, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "migrator.sandbox", "--port", str(settings.sandbox_port)]
    command += ["--state", str(settings.instance / "sandbox.sqlite"), "--clock-file", str(clock_path)]
    command += ["--api-key", settings.stripe_api_key, "--webhook-secret", settings.stripe_webhook_secret]
    command += ["--webhook-url", f"http://{LOCAL}:{port}/webhooks/stripe"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers(settings.sandbox_port, "/_sandbox/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise NotStarted("The test payments did not start.")
            time.sleep(LOOKS_EACH_SECONDS)
        yield
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
