"""What all tests stand on: a prepared database on both backends, the application, and its clock."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from migrator.app import create_app
from migrator.calendars.operations import fill_calendars
from migrator.clock.source import FileClock
from migrator.database.base import db
from migrator.database.session import transaction
from migrator.database.upgrade import bring_up_to_date
from migrator.history.actor import SYSTEM
from migrator.payments.gateway import StripeGateway
from migrator.policy.loading import calendar_plans
from migrator.policy.scope import scope_policy
from migrator.scope.operations import open_scope
from migrator.settings import Keys, Settings
from migrator.wiring import EXTENSION, Wiring
from tests.factories.postgresql import PostgresqlServer

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEYS = Keys(
    secret_key="a key for tests alone, of no use elsewhere",
    password_salt="salt for tests",
    access_keys=("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",),
    webhook_secret="whsec_for_tests",
)
NOBODY_LISTENS = "http://127.0.0.1:9"
PREPARED = "prepared"
HERE = Path(__file__).parent
BACKENDS = ("sqlite", "postgresql")
ASKED = {
    **dict.fromkeys(("web", "api", "cli", "documents", "jobs", "architecture"), ("sqlite",)),
    **dict.fromkeys(("journeys", "stories"), ("postgresql",)),
}


def settings_for(folder: Path, database_url: str, *, stripe_api_base: str = NOBODY_LISTENS) -> Settings:
    """This will return the settings of an installation in `folder`."""
    return Settings(
        instance=folder,
        database_url=database_url,
        base_url="http://localhost",
        port=80,
        keys=KEYS,
        stripe_webhook_secret=KEYS.webhook_secret,
        stripe_api_base=stripe_api_base,
        uses_sandbox=True,
        clock_file=folder / "clock",
        rate_limit="1000 per minute",
    )


def fill(folder: Path, database_url: str) -> None:
    """This will bring an empty database to what every test starts with: tables, filled calendars, and what we do."""
    clock = FileClock(folder / "clock")
    clock.set(NOW)
    app = create_app(settings_for(folder, database_url), wake=_nobody)
    bring_up_to_date(app)
    with app.app_context():
        with transaction() as session:
            fill_calendars(session, plans=calendar_plans(), now=NOW, actor=SYSTEM)
            open_scope(session, policy=scope_policy(), now=NOW)
        db.engine.dispose()


def _nobody() -> None:
    """There is no worker to wake in these tests."""


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    path = folder / "prepared.sqlite"
    fill(folder, f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlServer]:
    server = PostgresqlServer()
    try:
        folder = tmp_path_factory.mktemp("postgresql")
        server.prepare(PREPARED, lambda url: fill(folder, url))
        yield server
    finally:
        server.stop()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-database", action="store_true", help="try doors, journeys and stories on both too")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again takes a fifth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Rooms are tried on both databases, doors, journeys and stories on one each (README, Decisions)."""
    named = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "backend" not in metafunc.fixturenames or "backend" in named:
        return
    place = metafunc.definition.path.relative_to(HERE).parts[0]
    chosen = BACKENDS if metafunc.config.getoption("--every-database") else ASKED.get(place, BACKENDS)
    metafunc.parametrize("backend", chosen, indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The database of the test; a test that wants to be asked of one alone names it with `parametrize`."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if backend == "sqlite":
        path = tmp_path / "migrator.sqlite"
        shutil.copyfile(request.getfixturevalue("prepared_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    yield server.restore(PREPARED)


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    """The tests' present: Tue 24 Nov 2026, 11:00 in Kyiv, until a test sets another."""
    source = FileClock(tmp_path / "clock")
    source.set(NOW)
    return source


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def stripe_api_base() -> str:
    """Where payments go: nowhere, unless a module overrides this with a sandbox that it starts."""
    return NOBODY_LISTENS


@pytest.fixture
def settings(tmp_path: Path, database_url: str, stripe_api_base: str) -> Settings:
    return settings_for(tmp_path, database_url, stripe_api_base=stripe_api_base)


class Present:
    """The clock of the one application that serves many tests: always that of the test at hand."""

    def __init__(self, source: FileClock) -> None:
        self.source = source

    def now(self) -> datetime:
        return self.source.now()


@dataclass(frozen=True, slots=True)
class Premises:
    """One application for all tests of a process: making it anew for each would take longer than most tests do."""

    app: Flask
    present: Present
    config: dict[str, object]
    engines: dict[str, Engine] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def engine_for(self, database_url: str) -> Engine:
        """This will return an engine that leads to a test's own database and knows the SQL of the tests before.

        Writing the SQL of a question takes longer than asking it; an engine remembers it.
        """
        url = make_url(database_url)
        kind = url.get_backend_name()
        self.rows[kind] = url.database or ""
        if kind not in self.engines:
            self.engines[kind] = create_engine(url, pool_pre_ping=True, hide_parameters=True, query_cache_size=4_000)
            if kind == "sqlite":
                event.listen(self.engines[kind], "do_connect", self._open_the_test_s_own)
        # Whoever listens to it hears of one test alone.
        return self.engines[kind].execution_options()

    def _open_the_test_s_own(self, _dialect: object, _record: object, arguments: list[object], _names: object) -> None:
        arguments[0] = self.rows["sqlite"]

    def move_into(self, settings: Settings, clock: FileClock) -> None:
        """This will give the application a test's own database, settings, clock and gateway, as if it were new."""
        self.present.source = clock
        self.app.config.clear()
        self.app.config.update(self.config)
        gateway = StripeGateway(settings.stripe_api_key, settings.stripe_webhook_secret, settings.stripe_api_base)
        self.app.extensions[EXTENSION] = Wiring(settings=settings, clock=clock, gateway=gateway, wake=_nobody)
        for limiter in self.app.extensions["limiter"]:
            limiter.reset()
        db._app_engines[self.app] = {None: self.engine_for(settings.database_url)}

    def move_out(self) -> None:
        """This will let go of the test's database."""
        with self.app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Premises:
    folder = tmp_path_factory.mktemp("premises")
    present = Present(FileClock(folder / "clock"))
    app = create_app(settings_for(folder, f"sqlite:///{folder}/nothing.sqlite"), clock=present, wake=_nobody)
    app.testing = True
    return Premises(app, present, dict(app.config))


@pytest.fixture
def app(premises: Premises, settings: Settings, clock: FileClock) -> Iterator[Flask]:
    premises.move_into(settings, clock)
    yield premises.app
    premises.move_out()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside a transaction that is kept at the end of the test."""
    with app.app_context(), transaction() as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
