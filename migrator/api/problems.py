"""Refusals and failures as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from migrator.errors import DomainError, NotFound

TITLES = {404: "Not found", 409: "Not possible now"}
DETAILS = {401: "Sign in first."}


class ProblemSchema(Schema):
    """What went wrong."""

    type = fields.String(metadata={"description": "Always about:blank: the status says what kind it is"})
    title = fields.String(metadata={"description": "The kind of problem"})
    status = fields.Integer(metadata={"description": "The HTTP status"})
    detail = fields.String(metadata={"description": "A sentence for people"})


def register(blueprint: Blueprint) -> None:
    """This will answer every refusal and failure of a blueprint as a problem document."""
    blueprint.register_error_handler(DomainError, _refused)
    blueprint.register_error_handler(HTTPException, _failed)


def problem(status: int, title: str, detail: str = "") -> Response:
    """This will return a problem document."""
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail})
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def _refused(refusal: DomainError) -> Response:
    status = 404 if isinstance(refusal, NotFound) else 409
    return problem(status, TITLES[status], str(refusal))


def _failed(error: HTTPException) -> Response:
    data: dict[str, Any] = getattr(error, "data", None) or {}
    wrong = [f"{name}: {' '.join(said)}" for part in data.get("messages", {}).values() for name, said in part.items()]
    return problem(
        error.code or 500, error.name, " ".join(wrong) or DETAILS.get(error.code or 0) or error.description or ""
    )
