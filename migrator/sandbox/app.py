"""The stand-in as one WSGI application: wiring and nothing else."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.exceptions import HTTPException

from migrator.clock.source import Clock
from migrator.sandbox.controls import controls
from migrator.sandbox.courier import Courier
from migrator.sandbox.endpoints import answer_http_error, answer_refusal, api
from migrator.sandbox.pages import pages
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import State
from migrator.sandbox.wiring import Sandbox


def create_sandbox(
    state_path: Path, *, api_key: str, webhook_secret: str, webhook_url: str | None, clock: Clock
) -> Flask:
    """This will build the stand-in; its courier is in `extensions["sandbox"].courier` and is started by the server.

    :param webhook_url: where events are delivered; without it they are kept and never delivered
    """
    state = State(state_path)
    courier = Courier(state, clock=clock, webhook_url=webhook_url, webhook_secret=webhook_secret)
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["sandbox"] = Sandbox(state, clock, courier, api_key)
    for blueprint in (api, controls, pages):
        app.register_blueprint(blueprint)
    app.register_error_handler(ApiRefusal, answer_refusal)
    app.register_error_handler(HTTPException, answer_http_error)
    return app
