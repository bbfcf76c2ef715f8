"""Processes of their own that are killed at a step: each statement, each commit and each call of the provider."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from migrator.database.base import db
from migrator.payments.gateway import PaymentGateway, StripeGateway
from migrator.wiring import EXTENSION
from tests.sandbox.stand_in import API_KEY, WEBHOOK_SECRET

COMMITS = ("before_commit", "after_commit")
WRITES = ("INSERT", "UPDATE", "DELETE")


class Mortal:
    """A process that is killed at its n-th step."""

    def __init__(self, step: int) -> None:
        self.steps_left = step

    def step(self, *_ignored: object) -> None:
        self.steps_left -= 1
        if self.steps_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, _connection: object, _cursor: object, statement: str, *_ignored: object) -> None:
        """This will count a statement that changes something."""
        if statement.lstrip().startswith(WRITES):
            self.step()

    def watch(self, app: Flask, *, writes: bool) -> None:
        for moment in COMMITS:
            event.listen(Session, moment, self.step)
        with app.app_context():
            if writes:
                event.listen(db.engine, "before_cursor_execute", self.write)
        parts = app.extensions[EXTENSION]
        # A connection that was open before the fork belongs to the other process.
        own = StripeGateway(API_KEY, WEBHOOK_SECRET, parts.settings.stripe_api_base)
        app.extensions[EXTENSION] = replace(parts, gateway=MortalGateway(own, self.step))


class MortalGateway:
    """The way to the provider, with a step before each call and one after."""

    def __init__(self, gateway: PaymentGateway, step: Callable[[], None]) -> None:
        self._gateway = gateway
        self._step = step

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._gateway, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:
            self._step()
            answer = found(*given, **named)
            self._step()
            return answer

        return call


def dies(app: Flask, door: Callable[[], object], *, at_step: int, writes: bool = False) -> bool:
    """This will walk through a door in another process, killed at a step; False when it came through alive.

    :param writes: whether each statement that changes something is a step too, beside commits and calls
    """
    with app.app_context():
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        _walk(app, door, Mortal(at_step), writes=writes)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _walk(app: Flask, door: Callable[[], object], mortal: Mortal, *, writes: bool) -> None:
    try:
        mortal.watch(app, writes=writes)
        door()
        os._exit(0)
    except BaseException:
        # The other process is none of the test's: nothing of the tests after this one may run in it.
        traceback.print_exc()
    os._exit(1)
