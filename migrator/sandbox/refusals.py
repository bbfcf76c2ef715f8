"""Refusals in the shape that Stripe's own API gives them: a status, a kind, a code, and the parameter at fault."""

from __future__ import annotations

from typing import Any

from migrator.errors import DomainError


class ApiRefusal(DomainError):
    """The request is answered with an error object that the stripe library understands."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: dict[str, Any] = {
            name: value
            for name, value in (("type", kind), ("code", code), ("param", param), ("message", message))
            if value is not None
        }


def missing_resource(kind: str, object_id: str) -> ApiRefusal:
    """This will return Stripe's answer to an id that it does not know."""
    return ApiRefusal(f"There is no {kind} with the id {object_id}.", code="resource_missing", param="id", status=404)
