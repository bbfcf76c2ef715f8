"""Several processes as one foreground command: lines printed, the dead started again, one end for all."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LOOKS_EACH_SECONDS = 0.2
ENDS_WITHIN_SECONDS = 10
LONGEST_WAIT_SECONDS = 30
STANDS_AFTER_SECONDS = 60
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Service:
    """One process: the command of ours that it runs, and how to see that it answers."""

    name: str
    command: str
    answers: Callable[[], bool]


@dataclass(slots=True)
class Child:
    """A service that is kept alive. Waits double with each death: 1, 2, 4 … 30 seconds."""

    service: Service
    say: Callable[[str], None]
    wait_seconds: int = 1
    started: float = 0.0
    start_again: float = 0.0
    process: subprocess.Popen[str] | None = field(default=None)

    def start(self) -> None:
        """This will start the process in a group of its own, so that Ctrl-C reaches it through us alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "migrator", self.service.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        threading.Thread(target=self._print_lines, args=(self.process,), daemon=True).start()

    def keep_alive(self) -> None:
        """This will start the process again when it has died and its wait is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._plan_start(self.process.returncode)
            self._forget(self.process)
        elif time.monotonic() >= self.start_again:
            self.start()

    def ask_to_end(self) -> None:
        """This will ask the process to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def see_it_ended(self, *, until: float) -> None:
        """This will wait for the end, and then end by force what is left of the group."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.say(f"{self.service.name} did not end and was killed.")
        self._forget(self.process)

    def _plan_start(self, status: int) -> None:
        if time.monotonic() - self.started > STANDS_AFTER_SECONDS:
            self.wait_seconds = 1
        self.say(f"{self.service.name} ended with status {status}; it starts again in {self.wait_seconds} s.")
        self.start_again = time.monotonic() + self.wait_seconds
        self.wait_seconds = min(self.wait_seconds * 2, LONGEST_WAIT_SECONDS)

    def _forget(self, process: subprocess.Popen[str]) -> None:
        # A process that was killed may leave others behind, which would hold its port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.process = None

    def _print_lines(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.say(f"{self.service.name:<13} | {line.rstrip()}")


class Supervisor:
    """Keeps services alive until it is told to end by Ctrl-C or SIGTERM."""

    def __init__(self, services: Sequence[Service], *, say: Callable[[str], None]) -> None:
        self.children = [Child(service, say) for service in services]
        self.say = say
        self.ending = threading.Event()

    def run(self, *, when_ready: Callable[[], None]) -> None:
        """This will start all, call `when_ready` once when all answer, and return when all have ended."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            self._watch(when_ready)
        finally:
            self._end_all()

    def _watch(self, when_ready: Callable[[], None]) -> None:
        waiting = True
        while not self.ending.is_set():
            for child in self.children:
                child.keep_alive()
            if waiting and all(child.service.answers() for child in self.children):
                waiting = False
                when_ready()
            self.ending.wait(LOOKS_EACH_SECONDS)

    def _end(self, _number: int, _frame: object) -> None:
        self.ending.set()

    def _end_all(self) -> None:
        self.say("Ending …")
        until = time.monotonic() + ENDS_WITHIN_SECONDS
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.see_it_ended(until=until)
        self.say("Ended.")


def _end_with_parent() -> None:
    # Linux tells the child when we are killed; nobody else could.
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
