"""What every page and endpoint of the stand-in shares, found through the running application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app, request

from migrator.clock.source import Clock
from migrator.sandbox.courier import Courier
from migrator.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The parts of one running stand-in."""

    state: State
    clock: Clock
    courier: Courier
    api_key: str = field(repr=False)

    def present(self) -> int:
        """This will return the business clock's present in Unix seconds."""
        return int(self.clock.now().timestamp())


def sandbox() -> Sandbox:
    """This will return the stand-in that answers the current request."""
    return cast(Sandbox, current_app.extensions["sandbox"])


def wants_page() -> bool:
    """This will tell a person's browser, which prefers HTML, from a program."""
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
