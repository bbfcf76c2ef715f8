"""What machines ask: whether we work, and what search engines may visit."""

from __future__ import annotations

from flask import Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from migrator.database.session import reading
from migrator.web.audience import open_to
from migrator.web.public import pages

PRIVATE = ("/account", "/admin", "/api", "/demo", "/desk", "/orders", "/payments", "/quotes")


@pages.get("/healthz")
@open_to()
def healthz() -> Response:
    """This will answer 200 when the database answers, otherwise 503."""
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        current_app.logger.error("the database does not answer", exc_info=error)
        return Response("The database does not answer.\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@pages.get("/robots.txt")
@open_to()
def robots() -> Response:
    """This will keep search engines to the public pages."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
