"""The command line: `migrator …`. A command opens its transactions and calls one journey or room.

Commands are loaded when they are asked for, so that `migrator clock` starts quickly. Each is given an `Installation`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from migrator.errors import DomainError

COMMANDS = {
    "access": "migrator.cli.access:access",
    "calendar": "migrator.cli.calendar:calendar",
    "clock": "migrator.cli.clock:clock",
    "demo": "migrator.cli.demo:demo",
    "invoices": "migrator.cli.invoices:invoices",
    "ledger": "migrator.cli.ledger:ledger",
    "mail": "migrator.cli.mail:mail",
    "mail-sink": "migrator.cli.mail_sink:mail_sink",
    "revision": "migrator.cli.revision:revision",
    "run": "migrator.cli.run:run",
    "sandbox": "migrator.cli.sandbox:sandbox",
    "setup": "migrator.cli.setup:setup",
    "staff": "migrator.cli.staff:staff",
    "web": "migrator.cli.web:web",
    "worker": "migrator.cli.worker:worker",
}


class LateCommands(click.Group):
    """A group whose commands are imported when they are used; a refusal becomes one sentence on standard error."""

    def list_commands(self, context: click.Context) -> list[str]:
        """This will return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """This will import the command of that name."""
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def invoke(self, context: click.Context) -> Any:
        """This will run the chosen command."""
        try:
            return super().invoke(context)
        except DomainError as refusal:
            raise click.ClickException(str(refusal)) from refusal


@click.group(cls=LateCommands)
def main() -> None:
    """Runs a website-migration business."""
