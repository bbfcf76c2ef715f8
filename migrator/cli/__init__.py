"""The command line, a door: reads what was typed, opens transactions, prints the answer. Each command is a file here.

May call journeys and rooms. A command's module is imported only when the command is used, so that each starts quickly.
"""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {"clock": "Work out dates in working time: a what-if calculator."}
"""The commands with their line of help; command `x` is the attribute `x` of `migrator.cli.x`."""


class LazyCommands(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """This will name the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """This will import the command, or return None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"migrator.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """This will write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(cls=LazyCommands)
def main() -> None:
    """Run a website-migration business."""
