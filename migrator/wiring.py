"""What the doors are given: settings, the clock and the payment gateway, kept on the application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from migrator.clock.source import Clock
from migrator.payments.gateway import PaymentGateway
from migrator.settings import Settings

EXTENSION = "migrator"


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts that one application was made with.

    :ivar wake: tells the worker that there is something to look at; losing the call delays work, nothing more
    """

    settings: Settings
    clock: Clock
    gateway: PaymentGateway
    wake: Callable[[], None]


def wiring() -> Wiring:
    """This will return the parts of the current application."""
    return cast(Wiring, current_app.extensions[EXTENSION])
