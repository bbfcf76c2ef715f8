"""What each task did, written down around it; and work on many rows, of which one that fails holds up none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TypeVar

from migrator.database.session import transaction
from migrator.errors import StaleEdit
from migrator.upkeep.operations import note_end, note_failure, note_start
from migrator.wiring import wiring

log = logging.getLogger(__name__)
Work = Callable[[], int]
Key = TypeVar("Key", int, str)


def recorded(name: str) -> Callable[[Work], Work]:
    """This will write down around a task when it ran and how many rows it changed; a failure is raised on.

    :param name: as the page of background work shows it
    """

    def around(work: Work) -> Work:
        @wraps(work)
        def run() -> int:
            clock = wiring().clock
            with transaction() as session:
                note_start(session, name, now=clock.now())
            try:
                count = work()
            except Exception as error:
                failed(name, error)
                raise
            with transaction() as session:
                note_end(session, name, count=count, now=clock.now())
            return count

        return run

    return around


def each(name: str, keys: Iterable[Key], work: Callable[[Key], int]) -> int:
    """This will do the work for each key and return how many rows that changed.

    A row that fails is written down and tried again with the next look; one that another worker has just
    changed is left to it.

    :param name: of the task, under which failures are written down
    """
    changed = 0
    for key in keys:
        try:
            changed += work(key)
        except StaleEdit:
            continue
        except Exception as error:
            log.exception("%s failed for row %s.", name, key)
            failed(name, error, key=key)
    return changed


def failed(name: str, error: Exception, *, key: int | str | None = None) -> None:
    """This will write down a failure, with the row that it was about."""
    words = f"{type(error).__name__}: {error}"
    with transaction() as session:
        note_failure(session, name, error=words if key is None else f"Row {key}: {words}", now=wiring().clock.now())
