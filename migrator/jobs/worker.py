"""The process that does the background work: huey's consumer with two threads and a look at the rows each minute."""

from __future__ import annotations

import logging
import threading

from flask import Flask
from huey import crontab

from migrator.jobs import tasks
from migrator.jobs.queue import queue_of
from migrator.wiring import EXTENSION

THREADS = 2
# The longest time between a wake-up and its being heard.
HEARD_WITHIN_SECONDS = 1


def run_worker(app: Flask) -> None:
    """This will work until SIGTERM or SIGINT, finishing what it is doing; after a kill nothing is lost."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    queue = queue_of(app.extensions[EXTENSION].settings)
    inside = threading.local()

    @queue.on_startup()  # type: ignore[untyped-decorator]
    def enter() -> None:
        inside.context = app.app_context()
        inside.context.push()

    look = queue.task()(tasks.look_at_rows)
    for task in tasks.EACH_MINUTE:
        queue.periodic_task(crontab(), name=f"each_minute_{task.__name__}")(task)
    look()
    consumer = queue.create_consumer(
        workers=THREADS, max_delay=HEARD_WITHIN_SECONDS, graceful_signal="TERM", shutdown_timeout=5
    )
    consumer.run()
