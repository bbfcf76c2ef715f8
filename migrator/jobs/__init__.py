"""Background work: tasks wake up and look at rows; the rows are the truth, so a lost or doubled task changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from migrator.settings import Settings


def wake_of(settings: Settings) -> Callable[[], None]:
    """This will return the call that tells the worker to look at the rows now."""
    raise NotImplementedError
