"""`migrator demo month`: a month through a real sandbox, with every mistake made; all are found, and it locks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from migrator.cli import main
from migrator.clock.source import Clock
from migrator.database.session import reading
from migrator.demo.month.world import Chores
from migrator.finance.ledger.invariants import invariants
from migrator.finance.months.operations import totals_of
from migrator.finance.reconciliation.lifecycle import Code
from migrator.jobs.money import money_chores
from migrator.settings import Settings
from migrator.wiring import EXTENSION
from tests.conftest import Premises, settings_for
from tests.factories.postgresql import free_port

ORDERS, EACH = 60, 2


@dataclass
class ThisInstallation:
    """What the command is given, made of the tests' one application."""

    premises: Premises
    of: Settings

    def settings(self) -> Settings:
        return self.of

    def application_at(self, clock: Clock) -> Flask:
        app = self.premises.app
        app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], clock=clock)
        return app

    def money_chores(self) -> Chores:
        return money_chores()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """An installation whose sandbox has a port of its own."""
    port = free_port()
    base = settings_for(tmp_path, database_url, stripe_api_base=f"http://127.0.0.1:{port}")
    return replace(base, sandbox_port=port, stripe_api_key="sk_test_sandbox")


def test_all_that_goes_wrong_in_a_month_is_found_nothing_else_and_the_month_locks(
    app: Flask, premises: Premises, settings: Settings
) -> None:
    said = CliRunner().invoke(
        main, ["demo", "month", "--orders", str(ORDERS), "--each", str(EACH)], obj=ThisInstallation(premises, settings)
    )
    assert said.exit_code == 0, said.output
    rows = re.findall(r"^(\S.+?) +(\d+) +(\d+)$", said.output, re.MULTILINE)
    assert len(rows) == len(Code)
    assert all(int(planted) >= EACH and planted == found for _title, planted, found in rows), said.output
    assert re.search(r"^Not planted +0$", said.output, re.MULTILINE)
    with app.app_context(), reading() as session:
        assert all(law.holds for law in invariants(session))
        assert totals_of(session, "2026-10")[1] in said.output


def test_too_few_orders_for_all_mistakes_are_refused_before_anything_is_written(
    app: Flask, premises: Premises, settings: Settings
) -> None:
    for _again in range(2):
        said = CliRunner().invoke(main, ["demo", "month", "--orders", "9"], obj=ThisInstallation(premises, settings))
        assert said.exit_code == 1
        assert "Ask for more" in said.output
