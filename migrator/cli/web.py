"""`migrator web`: the pages alone, served by gunicorn on 127.0.0.1."""

from __future__ import annotations

import gc
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from migrator.cli.installation import Installation

THREADS = 8
GRACEFUL_SECONDS = 5
LONGEST_SECONDS = 60


class Pages(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process and several threads: SQLite and the caches of one process serve them all."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.port = installation.settings().port
        super().__init__()

    def load_config(self) -> None:
        """This will tell gunicorn how to serve."""
        options = {
            "bind": f"127.0.0.1:{self.port}",
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "graceful_timeout": GRACEFUL_SECONDS,
            "timeout": LONGEST_SECONDS,
            "loglevel": "warning",
            "post_worker_init": _freeze,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """This will make the application inside the serving process."""
        return self.installation.application()


@click.command()
@click.pass_obj
def web(installation: Installation) -> None:
    """Serves the pages until it is told to end."""
    Pages(installation).run()


def _freeze(_worker: Any) -> None:
    # What is loaded by now stays: a full collection that walks it all would be the slowest moment of a busy page.
    gc.collect()
    gc.freeze()
