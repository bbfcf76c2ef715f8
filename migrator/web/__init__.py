"""The pages. A view reads a form, opens `reading` or `transaction`, calls one journey or room, and answers.

Read `audience.py` first: every page says who may enter. Each folder of views has its folder in `templates/`.
"""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from migrator.web import assets, audience, frame, log, refusals, uploads
from migrator.web.blueprints import BLUEPRINTS
from migrator.web.sessions import SignedSessions


class RowId(IntegerConverter):
    """A row's number in an address; one that no column could hold names nothing."""

    regex = r"\d{1,18}"


def register(app: Flask) -> None:
    """This will give the application its pages, its refusals and its closed doors."""
    app.url_map.converters["int"] = RowId
    app.session_interface = SignedSessions()
    log.register(app)
    assets.register_assets(app)
    frame.register(app)
    refusals.register(app)
    uploads.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    audience.register(app)
