"""One table from error to answer, and the pages that say it."""

from __future__ import annotations

from flask import Flask, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from migrator.errors import DomainError, NotFound
from migrator.payments.gateway import GatewayUnreachable
from migrator.web.log import log_failure, request_id

ANSWERS: tuple[tuple[type[Exception], int], ...] = ((NotFound, 404), (GatewayUnreachable, 503), (DomainError, 409))
PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def status_of(refusal: DomainError) -> int:
    """This will return the HTTP status of a refusal."""
    return next(status for kind, status in ANSWERS if isinstance(refusal, kind))


def register(app: Flask) -> None:
    """This will answer every refusal and every failure with a page in plain words."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(Exception, _broke)


def _refused(refusal: DomainError) -> tuple[str, int]:
    return _page(status_of(refusal), str(refusal))


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    return _page(400, "This form is too old to be sent. Go back, load the page again and send it once more.")


def _failed(error: HTTPException) -> HTTPException | tuple[str, int]:
    if error.code not in PAGES:
        return error
    return _page(error.code, "")


def _broke(error: Exception) -> tuple[str, int]:
    log_failure(error)
    return _page(500, "")


def _page(status: int, sentence: str) -> tuple[str, int]:
    return render_template(f"errors/{status}.html", sentence=sentence, request_id=request_id()), status
