"""`migrator sandbox`: the stand-in for the payment provider alone."""

from __future__ import annotations

import click

from migrator.cli.installation import Installation
from migrator.errors import DomainError
from migrator.sandbox.__main__ import main as start_sandbox


class RealPayments(DomainError):
    """A Stripe key is set, so nothing would talk to the stand-in."""


@click.command()
@click.pass_obj
def sandbox(installation: Installation) -> None:
    """Starts the test payments: no real money."""
    if not installation.settings().uses_sandbox:
        raise RealPayments("STRIPE_API_KEY is set, so payments go to Stripe. Remove it to use the test payments.")
    start_sandbox.main(args=[], standalone_mode=False)
