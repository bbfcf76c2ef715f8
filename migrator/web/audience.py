"""Who may enter each page. A page without an audience does not open for anybody, and a test names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from migrator.history.actor import Role

View = TypeVar("View", bound=Callable[..., object])
EVERYONE = frozenset[Role]()
# Pages that come from extensions: sign-in guards its own, and the others show nothing that is anybody's.
FROM_EXTENSIONS = {"static": EVERYONE, "security": EVERYONE, "api-docs": EVERYONE}


def open_to(*roles: Role) -> Callable[[View], View]:
    """This will let people of these roles enter a page; with no role given, everyone, signed in or not."""

    def mark(view: View) -> View:
        view.audience = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def audience_of(app: Flask, endpoint: str) -> frozenset[Role] | None:
    """This will return who may enter an endpoint: a set of roles, the empty set for everyone, none for nobody."""
    marked: frozenset[Role] | None = getattr(app.view_functions[endpoint], "audience", None)
    return FROM_EXTENSIONS.get(endpoint.split(".")[0]) if marked is None else marked


def register(app: Flask) -> None:
    """This will close every page but to its audience."""
    app.before_request(_admit)


def _admit() -> Response | None:
    if request.endpoint is None:
        return None
    audience = audience_of(current_app, request.endpoint)
    if audience is None:
        abort(404)
    if not audience:
        return None
    if not current_user.is_authenticated:
        # A program can do nothing with the sign-in page.
        return abort(401) if request.path.startswith("/api/") else _to_sign_in()
    # The same answer as for a page that does not exist: what others may see is nobody's business.
    if current_user.role not in audience:
        abort(404)
    return None


def _to_sign_in() -> Response:
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return redirect(url_for("security.login"))
