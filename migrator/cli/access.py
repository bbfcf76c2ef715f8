"""`migrator access`: changes the key under which access details are sealed."""

from __future__ import annotations

import click

from migrator.access.operations import reseal_all
from migrator.access.vault import Vault
from migrator.cli.installation import Installation
from migrator.clock.wording import counted_text
from migrator.database.session import transaction
from migrator.wiring import wiring


@click.group()
def access() -> None:
    """Look after the seals of access details."""


@access.command()
@click.pass_obj
def rotate(installation: Installation) -> None:
    """Seal every secret anew under the first of MIGRATOR_ACCESS_KEYS; afterwards the old keys can go."""
    with installation.application().app_context(), transaction() as session:
        count = reseal_all(session, Vault(wiring().settings.keys.access_keys))
    click.echo(f"{counted_text(count, 'secret')} sealed under the newest key. Older keys are not needed any more.")
