"""The entry point of `migrator` and `python -m migrator`: hands the command line what it may not import."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from migrator.cli import main

if TYPE_CHECKING:
    from flask import Flask

    from migrator.clock.source import Clock
    from migrator.demo.month.world import Chores
    from migrator.settings import Settings


class ThisInstallation:
    """The installation that the environment describes. Parts are imported late, so that small commands are quick."""

    def settings(self) -> Settings:
        """This will read the settings from the environment."""
        from migrator.settings import settings_from

        return settings_from(os.environ)

    def application(self) -> Flask:
        """This will make the application."""
        from migrator.app import create_app

        return create_app(self.settings())

    def application_at(self, clock: Clock) -> Flask:
        """This will make the application with a present of its own, and nobody to wake."""
        from migrator.app import create_app

        return create_app(self.settings(), clock=clock, wake=_nobody)

    def money_chores(self) -> Chores:
        """This will return what the worker does of money, to be done inside an application's context."""
        from migrator.jobs.money import money_chores

        return money_chores()

    def work(self) -> None:
        """This will do the background work until the process is told to end."""
        from migrator.jobs.worker import run_worker

        run_worker(self.application())


def _nobody() -> None:
    """There is no worker to wake."""


def start() -> None:
    """This will run one command of the command line."""
    main(obj=ThisInstallation(), prog_name="migrator")


if __name__ == "__main__":
    start()
