"""The process for background work: huey with two threads, a look at the rows each minute, a sweep each hour."""

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
# Where the provider does not answer, until the next hour's sweep takes over.
SWEPT_AGAIN = {"retries": 180, "retry_delay": 20}


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
    for task in tasks.EACH_HOUR:
        queue.periodic_task(crontab(minute="0"), name=f"each_hour_{task.__name__}")(task)
    queue.periodic_task(crontab(minute="0"), name="each_hour_sweep", **SWEPT_AGAIN)(tasks.sweep)
    sweep = queue.task(**SWEPT_AGAIN)(tasks.sweep)
    look()
    sweep()
    for task in tasks.EACH_MINUTE:
        queue.task()(task)()
    consumer = queue.create_consumer(
        workers=THREADS, max_delay=HEARD_WITHIN_SECONDS, graceful_signal="TERM", shutdown_timeout=5
    )
    consumer.run()
