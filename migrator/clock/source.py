"""The only reader of the present moment. Doors read a clock once a request and hand `now` down (RULES D-2, D-7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from migrator.errors import DomainError


class UnreadableClock(DomainError):
    """The clock file does not hold an instant with its offset."""


class Clock(Protocol):
    """Anything that can say which instant it is."""

    def now(self) -> datetime:
        """This will return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """This will return the machine's present instant, aware, in UTC."""
        return datetime.now(UTC)


class FileClock:
    """A clock that people set by hand, for demonstrations and tests: one ISO instant in a file shared by all processes.

    The instant stands still until the file is written again. Without the file it is the machine's clock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def now(self) -> datetime:
        """This will return the instant in the file, aware, in UTC.

        :raises UnreadableClock: when the file holds anything but one ISO instant with an offset
        """
        try:
            text = self.path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return SystemClock().now()
        try:
            instant = datetime.fromisoformat(text)
        except ValueError as error:
            raise UnreadableClock(f"{self.path} does not hold an instant: {text!r}.") from error
        if instant.tzinfo is None:
            raise UnreadableClock(f"{self.path} holds an instant without an offset: {text!r}.")
        return instant.astimezone(UTC)

    def set(self, instant: datetime) -> None:
        """This will make `instant` (aware) the present for every process that reads the file, at one stroke."""
        draft = self.path.with_suffix(".draft")
        draft.write_text(instant.astimezone(UTC).isoformat(), encoding="utf-8")
        draft.replace(self.path)

    def advance(self, step: timedelta) -> None:
        """This will move the present on by `step`."""
        self.set(self.now() + step)
