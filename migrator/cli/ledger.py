"""`migrator ledger`: what the books lack of the time before them, and what is behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from flask import Flask
from sqlalchemy.orm import Session

from migrator.cli.installation import Installation
from migrator.clock.wording import counted_text
from migrator.database.session import transaction
from migrator.finance.covers.earning import earn_some
from migrator.finance.ledger.past import post_some_of_the_past
from migrator.wiring import wiring


@click.group()
def ledger() -> None:
    """Look after the books."""


@ledger.command("post-past")
@click.pass_obj
def post_past(installation: Installation) -> None:
    """Post payments, deliveries, refunds and disputes from before there was a ledger; safe to repeat."""
    click.echo(f"{counted_text(post_the_past(installation.application()), 'row')} posted.")


@ledger.command()
@click.pass_obj
def earn(installation: Installation) -> None:
    """Earn all premiums through yesterday, as the worker does each hour; safe to repeat."""
    click.echo(f"{counted_text(_all(installation.application(), _earn), 'cover')} brought up to date.")


def post_the_past(app: Flask) -> int:
    """This will post what happened before there was a ledger, a batch at a time, and return how much it was."""
    return _all(app, _post_past)


def _all(app: Flask, some: Callable[[Session, datetime], int]) -> int:
    done = 0
    with app.app_context():
        now = wiring().clock.now()
        while True:
            with transaction() as session:
                count = some(session, now)
            if not count:
                return done
            done += count


def _post_past(session: Session, now: datetime) -> int:
    return post_some_of_the_past(session, now=now)


def _earn(session: Session, now: datetime) -> int:
    return earn_some(session, now=now)
