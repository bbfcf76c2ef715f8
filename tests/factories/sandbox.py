"""Fixtures for whoever pays: a really started provider behind the application, telling nothing by itself.

Import all of them into the module or conftest that pays: they take the place of the general `clock` and `settings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from migrator.clock.source import FileClock
from migrator.settings import Settings
from tests.conftest import NOBODY_LISTENS, NOW, settings_for
from tests.factories.till import Till
from tests.sandbox.stand_in import WEBHOOK_SECRET, StandIn


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """The provider; the tests of a module share it."""
    started = StandIn(tmp_path_factory.mktemp("sandbox"), f"{NOBODY_LISTENS}/webhooks/stripe")
    started.start()
    started.control("deliveries", mode="drop")
    yield started
    started.kill()


@pytest.fixture
def clock(sandbox: StandIn) -> FileClock:
    """One present for both sides."""
    sandbox.clock.set(NOW)
    return sandbox.clock


@pytest.fixture
def settings(tmp_path: Path, database_url: str, sandbox: StandIn) -> Settings:
    ours = settings_for(tmp_path, database_url, stripe_api_base=sandbox.url)
    return replace(ours, stripe_webhook_secret=WEBHOOK_SECRET, clock_file=sandbox.clock.path)


@pytest.fixture
def till(app: Flask, sandbox: StandIn, clock: FileClock) -> Till:
    return Till(app, sandbox, clock)
