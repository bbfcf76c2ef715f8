"""The queue between the doors and the worker: huey in a file of its own, beside the rows and never instead of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from huey import SqliteHuey

from migrator.jobs import tasks
from migrator.settings import Settings

log = logging.getLogger(__name__)


def queue_of(settings: Settings) -> SqliteHuey:
    """This will open the installation's queue; what is lost with it delays work by a minute and loses nothing."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("migrator", filename=str(settings.instance / "queue.sqlite"), results=False, utc=True)


def wake_of(settings: Settings) -> Callable[[], None]:
    """This will return the call that tells the worker to look at the rows now, within about a second."""
    look = queue_of(settings).task()(tasks.look_at_rows)

    def wake() -> None:
        try:
            look()
        except Exception as error:  # the rows are committed, and the worker looks each minute anyway
            log.warning("The worker could not be woken: %s", error)

    return wake
