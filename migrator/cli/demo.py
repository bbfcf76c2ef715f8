"""`migrator demo`: the demonstration's company, or a whole month of sales."""

from __future__ import annotations

import click
from flask import Flask
from sqlalchemy.orm import Session

from migrator.access.vault import Vault
from migrator.cli.installation import Installation
from migrator.cli.month import month
from migrator.cli.setup import prepare
from migrator.database.session import transaction
from migrator.demo.story import is_empty
from migrator.demo.story import load as load_story
from migrator.wiring import wiring


@click.group()
def demo() -> None:
    """A made-up company to look at."""


demo.add_command(month)


@demo.command()
@click.pass_obj
def load(installation: Installation) -> None:
    """Loads the made-up company into an empty database, whole or not at all."""
    app = installation.application()
    prepare(app)
    with app.app_context(), transaction() as session:
        _load(session)
    click.echo("The demonstration is loaded.")


def load_into_empty(app: Flask) -> None:
    """This will load the demonstration where nobody is there yet, and leave a company that stands as it is."""
    with app.app_context(), transaction() as session:
        if is_empty(session):
            _load(session)


def _load(session: Session) -> None:
    settings = wiring().settings
    vault = Vault(settings.keys.access_keys)
    load_story(session, vault=vault, base_url=settings.base_url, folder=settings.instance, now=wiring().clock.now())
