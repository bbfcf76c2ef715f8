"""Starts the stand-in: `python -m migrator.sandbox`. Without arguments it fits the product's own settings."""

from __future__ import annotations

import logging
import os
import signal
import threading
from pathlib import Path
from types import FrameType

import click
from werkzeug.serving import make_server

from migrator.clock.source import FileClock, SystemClock
from migrator.sandbox.app import create_sandbox
from migrator.settings import Settings, WrongSetting, settings_from


def _settings() -> Settings:
    try:
        settings = settings_from(os.environ)
    except WrongSetting as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if not settings.uses_sandbox:
        raise click.ClickException("STRIPE_API_KEY is set: payments go to Stripe itself, test payments stay off.")
    return settings


@click.command()
@click.option("--port", type=int, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--state", type=click.Path(path_type=Path), help="The SQLite file that remembers everything.")
@click.option("--api-key", help="The key that requests must bring.")
@click.option("--webhook-secret", help="Signs the events.")
@click.option("--webhook-url", help="Where the events go.")
@click.option("--clock-file", type=click.Path(path_type=Path), help="A file with the instant to pretend.")
def main(
    port: int | None,
    state: Path | None,
    api_key: str | None,
    webhook_secret: str | None,
    webhook_url: str | None,
    clock_file: Path | None,
) -> None:
    """Test payments: the stand-in for Stripe, for demonstrations and tests. No real money."""
    settings = _settings()
    chosen_clock = clock_file or settings.clock_file
    app = create_sandbox(
        state or settings.instance / "sandbox.sqlite",
        api_key=api_key or settings.stripe_api_key,
        webhook_secret=webhook_secret or settings.stripe_webhook_secret,
        webhook_url=webhook_url or f"http://127.0.0.1:{settings.port}/webhooks/stripe",
        clock=FileClock(chosen_clock) if chosen_clock else SystemClock(),
    )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    chosen_port = settings.sandbox_port if port is None else port
    server = make_server("127.0.0.1", chosen_port, app, threaded=True)

    def end(signal_number: int, frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    courier = app.extensions["sandbox"].courier
    courier.start()
    click.echo(f"Test payments (no real money) at http://127.0.0.1:{server.server_port}")
    server.serve_forever()
    courier.end()


if __name__ == "__main__":
    main()
