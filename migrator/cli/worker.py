"""`migrator worker`: the background work alone."""

from __future__ import annotations

import click

from migrator.cli.installation import Installation


@click.command()
@click.pass_obj
def worker(installation: Installation) -> None:
    """Delivers messages, settles payments and lets offers expire, until it is told to end."""
    installation.work()
