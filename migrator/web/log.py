"""One line in the log for each request, and an id that ties it to what a person reports. Never what was typed."""

from __future__ import annotations

from time import perf_counter_ns
from typing import cast
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
# A rehearsal sends thousands of messages that nobody looks for.
UNLOGGED = "migrator.unlogged"
NANOSECONDS_IN_MILLISECOND = 1_000_000
logger = structlog.get_logger("migrator")


def register(app: Flask) -> None:
    """This will log requests by page, never by address or form: those can hold links that sign people in."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event", "request_id"]),
        ],
        cache_logger_on_first_use=True,
    )
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """This will return the id of this request, which its answer carries too."""
    return cast(str, g.get("request_id", ""))


def log_failure(error: Exception) -> None:
    """This will write down an error that nobody foresaw, with its way through the code and without any value."""
    logger.error("failed", exc_info=error)


def _begin() -> None:
    g.request_id = uuid4().hex[:12]
    g.began_at_nanoseconds = perf_counter_ns()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers[HEADER] = g.request_id
    if request.endpoint not in {"static", "public.healthz"} and UNLOGGED not in request.environ:
        elapsed = (perf_counter_ns() - g.began_at_nanoseconds) // NANOSECONDS_IN_MILLISECOND
        logger.info(
            "request",
            method=request.method,
            page=request.endpoint or "none",
            status=response.status_code,
            milliseconds=elapsed,
        )
    return response
