"""`migrator setup`: keys, database, calendars and what we do. A second time finds nothing to do."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask
from sqlalchemy.orm import Session

from migrator.calendars.operations import fill_calendars
from migrator.cli.installation import Installation
from migrator.cli.ledger import post_the_past
from migrator.database.session import transaction
from migrator.database.upgrade import bring_up_to_date
from migrator.finance.invoices.operations import know_seller
from migrator.finance.invoices.queries import NOBODY
from migrator.history.actor import SYSTEM
from migrator.policy.loading import calendar_plans
from migrator.policy.scope import scope_policy
from migrator.scope.operations import open_scope
from migrator.settings import Settings
from migrator.wiring import wiring


@click.command()
@click.pass_obj
def setup(installation: Installation) -> None:
    """Prepares keys, database, calendars and what we do; safe to repeat."""
    prepare(installation.application())
    click.echo(f"Ready in {installation.settings().instance}.")


def prepare(app: Flask) -> None:
    """This will bring the database to the newest revision, fill three years of calendars, and write what we do.

    Who sells is written down where it is otherwise than at the last start; what happened before there was a ledger is
    posted.
    """
    bring_up_to_date(app)
    with app.app_context(), transaction() as session:
        now = wiring().clock.now()
        fill_calendars(session, plans=calendar_plans(), now=now, actor=SYSTEM)
        open_scope(session, policy=scope_policy(), now=now)
        _know_seller(session, wiring().settings, now)
    post_the_past(app)


def _know_seller(session: Session, settings: Settings, now: datetime) -> None:
    said = (settings.seller_name, settings.seller_address, settings.seller_tax_id, ",".join(settings.tax_countries))
    if not any(said):
        return
    name, address, tax_id, tax_countries = said
    know_seller(session, name=name or NOBODY.name, address=address, tax_id=tax_id, tax_countries=tax_countries, now=now)
