"""`migrator setup`: keys, database and calendars. A second time finds nothing to do."""

from __future__ import annotations

import click
from flask import Flask

from migrator.calendars.operations import fill_calendars
from migrator.cli.installation import Installation
from migrator.database.session import transaction
from migrator.database.upgrade import bring_up_to_date
from migrator.history.actor import SYSTEM
from migrator.policy.loading import calendar_plans
from migrator.wiring import wiring


@click.command()
@click.pass_obj
def setup(installation: Installation) -> None:
    """Prepares keys, database and calendars; safe to repeat."""
    prepare(installation.application())
    click.echo(f"Ready in {installation.settings().instance}.")


def prepare(app: Flask) -> None:
    """This will bring the database to the newest revision and fill this year's calendars and the next two."""
    bring_up_to_date(app)
    with app.app_context(), transaction() as session:
        fill_calendars(session, plans=calendar_plans(), now=wiring().clock.now(), actor=SYSTEM)
