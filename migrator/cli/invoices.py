"""`migrator invoices`: what older payments lack."""

from __future__ import annotations

import click

from migrator.cli.installation import Installation
from migrator.clock.wording import counted_text
from migrator.database.session import transaction
from migrator.finance.invoices.operations import issue_what_is_missing
from migrator.wiring import wiring


@click.group()
def invoices() -> None:
    """Look after invoices, receipts and credit notes."""


@invoices.command("issue-missing")
@click.pass_obj
def issue_missing(installation: Installation) -> None:
    """Issue what payments and refunds from before lack, dated today; safe to repeat."""
    with installation.application().app_context(), transaction() as session:
        count = issue_what_is_missing(session, now=wiring().clock.now())
    click.echo(f"{counted_text(count, 'document')} issued.")
