"""What a command is given: this machine's settings, and the application made from them."""

from __future__ import annotations

from typing import Protocol

from flask import Flask

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

    def work(self) -> None:
        """This will do the background work until the process is told to end."""
        ...
