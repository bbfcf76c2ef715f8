"""What gunicorn serves for the desk's benchmark: the real application, and the two pages that it is measured by.

Both ask one keyset query and write one line of HTML for each of fifty rows, with nobody signed in. The bare page does
so in the way of Flask-SQLAlchemy's manual, with the columns that it shows; the barest one gives SQLAlchemy the SQL as
text, which leaves little more than the driver, the template and Flask.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from flask import Flask, render_template, request
from sqlalchemy import create_engine, select, text, tuple_

from migrator.accounts.models import Organisation
from migrator.app import create_app
from migrator.clock.source import SystemClock
from migrator.database.base import db
from migrator.orders.lifecycle import Turn
from migrator.orders.models import Order
from migrator.settings import Keys, Settings

KEYS = Keys(
    secret_key="a key for the benchmark alone",
    password_salt="salt for the benchmark",
    access_keys=("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",),
    webhook_secret="whsec_for_the_benchmark",
)
LONG_AGO = "2000-01-01T00:00:00+00:00"
BAREST_QUERY = """
    SELECT orders.id, orders.number, orders.state, orders.promise_at, organisations.name
    FROM orders JOIN organisations ON organisations.id = orders.organisation_id
    WHERE orders.turn = 'us' AND (orders.promise_at, orders.id) > (:after, :id)
    ORDER BY orders.promise_at, orders.id LIMIT 50
"""
LINES = """<!doctype html><title>Orders</title><table>
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
    """This will make the yardstick: a page as Flask-SQLAlchemy's manual has it."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BENCH_DATABASE_URL"]
    db.init_app(app)
    page = app.jinja_env.from_string(LINES)

    @app.get("/")
    def orders() -> str:
        after = datetime.fromisoformat(request.args.get("after", LONG_AGO)), request.args.get("id", 0, type=int)
        rows = db.session.execute(
            select(Order.id, Order.number, Order.state, Order.promise_at, Organisation.name)
            .join(Organisation, Organisation.id == Order.organisation_id)
            .where(Order.turn == Turn.US, tuple_(Order.promise_at, Order.id) > after)
            .order_by(Order.promise_at, Order.id)
            .limit(50)
        ).all()
        return render_template(page, rows=rows)

    return app


def barest() -> Flask:
    """This will make the least page that could be called one."""
    app = Flask("barest")
    engine = create_engine(os.environ["BENCH_DATABASE_URL"])
    query = text(BAREST_QUERY)
    page = app.jinja_env.from_string(LINES)

    @app.get("/")
    def orders() -> str:
        after = request.args.get("after", LONG_AGO), request.args.get("id", 0, type=int)
        with engine.connect() as connection:
            rows = connection.execute(query, {"after": after[0], "id": after[1]}).all()
        return page.render(rows=rows)

    return app
