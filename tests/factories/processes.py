"""Processes of the product for tests: real ones, forked from one that has loaded it, since loading takes longest."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

LOADED = [
    "migrator.app",
    "migrator.jobs.worker",
    "migrator.cli.web",
    "migrator.cli.sandbox",
    "migrator.cli.mail_sink",
    "migrator.sandbox.__main__",
]
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(LOADED)


def product(arguments: Sequence[str]) -> None:
    """What `python -m migrator` does."""
    from migrator.__main__ import ThisInstallation
    from migrator.cli import main

    main(args=list(arguments), obj=ThisInstallation(), prog_name="migrator")


def stand_in(arguments: Sequence[str]) -> None:
    """What `python -m migrator.sandbox` does."""
    from migrator.sandbox.__main__ import main

    main(args=list(arguments), prog_name="sandbox")


class Running:
    """A program with an environment of its own, in a group of its own, that says what it says into a file."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        program: Callable[[Sequence[str]], None] = product,
    ) -> None:
        ours, theirs = processes.Pipe()
        told = program, tuple(arguments), dict(environment), str(log), theirs
        self.process: BaseProcess = processes.Process(target=_run, args=told)
        self.process.start()
        theirs.close()
        ours.recv()

    def end(self, *, within_seconds: int) -> int | None:
        """This will ask it to end and return its status, or none where it has not ended in time."""
        self.process.terminate()
        return self.status(within_seconds=within_seconds)

    def status(self, *, within_seconds: int) -> int | None:
        """This will wait for its end and return its status, or none where it has not ended in time."""
        self.process.join(within_seconds)
        return self.process.exitcode

    def kill(self) -> None:
        """This will end it and its children at once, as a power cut would."""
        if self.process.pid is not None and self.process.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()


def _run(
    program: Callable[[Sequence[str]], None],
    arguments: Sequence[str],
    environment: dict[str, str],
    log: str,
    leads: Connection,
) -> None:
    os.setsid()
    leads.send(True)
    leads.close()
    with open(log, "ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    program(arguments)
