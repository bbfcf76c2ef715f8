"""What a command is given: this machine's settings, and the application made from them."""

from __future__ import annotations

from typing import Protocol

from flask import Flask

from migrator.clock.source import Clock
from migrator.demo.month.world import Chores
from migrator.settings import Settings


class Installation(Protocol):
    """One installation of the product; each part is made when it is asked for."""

    def settings(self) -> Settings:
        """This will read the settings from the environment.

        :raises WrongSetting: for a value that cannot be used
        """
        ...

    def application(self) -> Flask:
        """This will make the application."""
        ...

    def application_at(self, clock: Clock) -> Flask:
        """This will make the application with a present of its own, and nobody to wake."""
        ...

    def money_chores(self) -> Chores:
        """This will return what the worker does of money, to be done inside an application's context."""
        ...

    def work(self) -> None:
        """This will do the background work until the process is told to end."""
        ...
