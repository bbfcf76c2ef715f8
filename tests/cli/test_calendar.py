"""Filling and showing calendars from the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from migrator.cli import main
from migrator.clock.source import FileClock


@dataclass(frozen=True)
class Machine:
    app: Flask

    def application(self) -> Flask:
        return self.app


def run(app: Flask, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["calendar", *arguments], obj=Machine(app))


def test_filling_a_second_time_says_that_nothing_changes(app: Flask, clock: FileClock) -> None:
    assert run(app, "fill").output == "Nothing to fill: what is filled stays as it is.\n"


def test_a_single_year_is_filled_for_every_calendar(app: Flask, clock: FileClock) -> None:
    outcome = run(app, "fill", "--year", "2029")
    assert outcome.exit_code == 0
    assert "kyiv 2029: filled. Labour Code of Ukraine, read from holidays" in outcome.output
    assert "always 2029: filled. Never closed." in outcome.output


def test_as_years_go_by_the_missing_ones_are_named_and_filled(app: Flask, clock: FileClock) -> None:
    clock.set(datetime(2028, 3, 1, 9, 0, tzinfo=UTC))
    assert "2029 is missing" in run(app, "show").stderr
    run(app, "fill")
    assert "missing" not in run(app, "show").stderr


@pytest.mark.parametrize(("year", "sentence"), [("2030", "fill 2029 first"), ("2099", "too far ahead")])
def test_a_year_that_cannot_be_filled_is_refused_in_words(
    app: Flask, clock: FileClock, year: str, sentence: str
) -> None:
    outcome = run(app, "fill", "--year", year)
    assert outcome.exit_code == 1
    assert sentence in outcome.stderr


def test_every_closed_day_is_shown_with_its_source(app: Flask, clock: FileClock) -> None:
    shown = run(app, "show").stdout
    assert "Fri 25 Dec 2026  Christmas. Labour Code of Ukraine, article 73." in shown
    assert "Mon 3 Jan 2028  Day off for New Year. Labour Code of Ukraine, article 67." in shown
