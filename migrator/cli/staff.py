"""`migrator staff`: our own people, from the command line. The first administrator is made here."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email

from migrator.cli.installation import Installation
from migrator.database.session import transaction
from migrator.history.actor import STAFF, SYSTEM, Role
from migrator.journeys.welcome_staff import welcome_staff
from migrator.wiring import wiring


@click.group()
def staff() -> None:
    """Add our own people."""


@staff.command()
@click.option("--email", required=True, help="Where they sign in with; the welcome goes there.")
@click.option("--name", required=True, help="What they are called.")
@click.option("--role", required=True, type=click.Choice(sorted(role.value for role in STAFF)))
@click.pass_obj
def add(installation: Installation, email: str, name: str, role: str) -> None:
    """Add somebody, send their welcome, and print the link at which they set a password, once."""
    address, called = _address(email), name.strip()
    if not called or not called.isprintable() or len(called) > 200:
        raise click.BadParameter("give a name of at most 200 letters", param_hint="--name")
    with installation.application().app_context(), transaction() as session:
        now = wiring().clock.now()
        path = welcome_staff(session, email=address, name=called, role=Role(role), actor=SYSTEM, now=now)
        link = f"{wiring().settings.base_url}{path}"
    click.echo(f"{called} is added. Set the password within a day at\n{link}")


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.BadParameter(f"{text!r} is no e-mail address", param_hint="--email") from error
