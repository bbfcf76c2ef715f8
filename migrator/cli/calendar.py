"""`migrator calendar`: fills the closed days of years, and shows them."""

from __future__ import annotations

import click

from migrator.calendars.models import FilledYear
from migrator.calendars.operations import fill_calendars, fill_year
from migrator.calendars.queries import calendar_of, calendar_rows, filled_years, missing_years
from migrator.calendars.rules import closed_days_of
from migrator.cli.installation import Installation
from migrator.clock.wording import day_text, instant_text
from migrator.database.session import reading, transaction
from migrator.history.actor import SYSTEM
from migrator.policy.loading import calendar_plans
from migrator.wiring import wiring


@click.group()
def calendar() -> None:
    """Fill and show the closed days that dates are counted by."""


@calendar.command()
@click.option("--year", type=int, help="This year alone; without it the current and the next two years.")
@click.pass_obj
def fill(installation: Installation, year: int | None) -> None:
    """Fill years that are not filled yet; those that are stay as they are."""
    plans = calendar_plans()
    with installation.application().app_context(), transaction() as session:
        now = wiring().clock.now()
        if year is None:
            filled = fill_calendars(session, plans=plans, now=now, actor=SYSTEM)
        else:
            filled = fill_year(session, year, plans=plans, now=now, actor=SYSTEM)
        lines = [f"{each.calendar_key} {each.year}: filled. {each.source}." for each in filled]
    click.echo("\n".join(lines) or "Nothing to fill: what is filled stays as it is.")


@calendar.command()
@click.pass_obj
def show(installation: Installation) -> None:
    """Print every closed day, with its source, and the years that are missing."""
    with installation.application().app_context(), reading() as session:
        for row in calendar_rows(session):
            click.echo(f"{row.key}: {row.name}, {row.zone}, version {row.version}")
            for year in filled_years(session, row.key):
                click.echo(_heading(year, row.zone))
                for day in closed_days_of(calendar_of(session, row), year.year):
                    click.echo(f"    {day_text(day.on)}  {day.name}. {day.source}.")
        for missing in missing_years(session, wiring().clock.now()):
            click.echo(f"{missing} is missing; run “migrator calendar fill”.", err=True)


def _heading(filled: FilledYear, zone: str) -> str:
    return f"  {filled.year}, filled on {instant_text(filled.filled_at, zone)}. {filled.source}."
