"""What gunicorn serves for the desk's benchmark: the real application, and the bare page that it is measured by.

The bare page is Flask and SQLAlchemy Core: one keyset query, fifty rows, one line of HTML for each, nobody signed in.
"""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, request
from sqlalchemy import create_engine, text

from migrator.app import create_app
from migrator.clock.source import SystemClock
from migrator.settings import Keys, Settings

KEYS = Keys(
    secret_key="a key for the benchmark alone",
    password_salt="salt for the benchmark",
    access_keys=("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",),
    webhook_secret="whsec_for_the_benchmark",
)
BARE_QUERY = """
    SELECT orders.id, orders.number, orders.state, orders.promise_at, organisations.name
    FROM orders JOIN organisations ON organisations.id = orders.organisation_id
    WHERE orders.turn = 'us' AND (orders.promise_at, orders.id) > (:after, :id)
    ORDER BY orders.promise_at, orders.id LIMIT 50
"""
BARE_PAGE = """<!doctype html><title>Orders</title><table>
{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.name }}</td><td>{{ row.state }}</td>
<td>{{ row.promise_at }}</td></tr>
{% endfor %}</table><a href="?after={{ rows[-1].promise_at }}&id={{ rows[-1].id }}">Next</a>"""


def settings_of(folder: Path, database_url: str) -> Settings:
    """This will return the settings of the application that is measured."""
    return Settings(
        instance=folder,
        database_url=database_url,
        base_url="http://127.0.0.1",
        port=80,
        keys=KEYS,
        stripe_webhook_secret=KEYS.webhook_secret,
        stripe_api_base="http://127.0.0.1:9",
        uses_sandbox=True,
    )


def real() -> Flask:
    """This will make the product's own application."""
    settings = settings_of(Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_DATABASE_URL"])
    return create_app(settings, clock=SystemClock(), wake=lambda: None)


def bare() -> Flask:
    """This will make the yardstick."""
    app = Flask("bare")
    engine = create_engine(os.environ["BENCH_DATABASE_URL"])
    query = text(BARE_QUERY)
    page = app.jinja_env.from_string(BARE_PAGE)

    @app.get("/")
    def orders() -> str:
        after = request.args.get("after", "2000-01-01"), request.args.get("id", 0, type=int)
        with engine.connect() as connection:
            rows = connection.execute(query, {"after": after[0], "id": after[1]}).all()
        return page.render(rows=rows)

    return app
