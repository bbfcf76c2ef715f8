"""Processes of the product for tests: real ones, forked from one that has loaded it, since loading takes longest."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

LOADED = ["migrator.app", "migrator.jobs.worker", "migrator.cli.web", "migrator.cli.sandbox", "migrator.cli.mail_sink"]
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(LOADED)


class Running:
    """`python -m migrator NAME` with an environment of its own, in a group of its own."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path) -> None:
        ours, theirs = processes.Pipe()
        self.process: BaseProcess = processes.Process(target=_run, args=(name, dict(environment), str(log), theirs))
        self.process.start()
        theirs.close()
        ours.recv()

    def end(self, *, within_seconds: int) -> int | None:
        """This will ask it to end and return its status, or none where it has not ended in time."""
        self.process.terminate()
        self.process.join(within_seconds)
        return self.process.exitcode

    def kill(self) -> None:
        """This will end it and its children at once, as a power cut would."""
        if self.process.pid is not None and self.process.is_alive():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()


def _run(name: str, environment: dict[str, str], log: str, leads: Connection) -> None:
    os.setsid()
    leads.send(True)
    leads.close()
    with open(log, "ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    from migrator.__main__ import ThisInstallation
    from migrator.cli import main

    main(args=[name], obj=ThisInstallation(), prog_name="migrator")
