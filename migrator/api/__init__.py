"""The interface for programs: orders and their promises as JSON, with the same derivation as the pages.

Read `orders.py` first. Opens to who has signed in on the pages; only looks, never changes anything.
"""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

from migrator.api import problems
from migrator.api.orders import orders
from migrator.api.tickets import tickets

CONFIGURATION = {
    "API_TITLE": "Migrator",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


class ProblemApi(Api):  # type: ignore[misc]
    """An API whose errors are those of its own pages alone, as problem documents."""

    ERROR_SCHEMA = problems.ProblemSchema

    def _register_error_handlers(self) -> None:
        """The blueprint answers its own errors; the pages of the application keep theirs."""


def register(app: Flask) -> None:
    """This will give the application its interface for programs."""
    app.config.update(CONFIGURATION)
    api = ProblemApi(app)
    for blueprint in (orders, tickets):
        api.register_blueprint(blueprint)
