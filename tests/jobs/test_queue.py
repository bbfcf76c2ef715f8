"""The queue lies beside the tables and never among them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from huey import PostgresHuey, SqliteHuey

from migrator import tables
from migrator.database.base import db
from migrator.jobs.queue import queue_of
from migrator.settings import Settings
from tests.conftest import BACKENDS


@pytest.mark.parametrize("backend", BACKENDS, indirect=True)
def test_the_queue_belongs_to_the_database_and_the_tables_stay_what_their_revisions_say(
    app: Flask, settings: Settings, backend: str
) -> None:
    with ThreadPoolExecutor(4) as starting:
        queues = list(starting.map(lambda _: queue_of(settings), range(4)))
    assert {type(queue) for queue in queues} == {PostgresHuey if backend == "postgresql" else SqliteHuey}
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
