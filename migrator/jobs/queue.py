"""The queue between the doors and the worker: beside the rows and never instead of them.

With SQLite it is a file of its own; with PostgreSQL it lives in a schema of its own, so that doors and workers on
several machines share it and the product's tables stay what their revisions say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey
from sqlalchemy import make_url

from migrator.jobs import tasks
from migrator.settings import Settings

log = logging.getLogger(__name__)

NAME = "migrator"
# Two processes that start at once must not both create the schema; the number is ours alone in this database.
CREATING = 7_143_002


def queue_of(settings: Settings) -> Huey:
    """This will open the installation's queue; what is lost with it delays work by a minute and loses nothing."""
    if settings.database_url.startswith("postgresql"):
        return _queue_in_postgresql(settings.database_url)
    settings.instance.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(settings.instance / "queue.sqlite"), results=False, utc=True)


def wake_of(settings: Settings) -> Callable[[], None]:
    """This will return the call that tells the worker to look at the rows now, within about a second."""

    @cache
    def look() -> Callable[[], object]:
        task: Callable[[], object] = queue_of(settings).task()(tasks.look_at_rows)
        return task

    def wake() -> None:
        try:
            look()()
        except Exception as error:  # the rows are committed, and the worker looks each minute anyway
            log.warning("The worker could not be woken: %s", error)

    return wake


def _queue_in_postgresql(database_url: str) -> PostgresHuey:
    address = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (CREATING,))
        connection.execute("CREATE SCHEMA IF NOT EXISTS queue")
        return PostgresHuey(NAME, dsn=address, options="-c search_path=queue", results=False, utc=True)
