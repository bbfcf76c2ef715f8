"""What every page has around it: navigation, theme, the demonstration's banner, and the headers of the answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, url_for
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2 import Template
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from migrator.database.session import one_question
from migrator.history.actor import Role
from migrator.hosting.queries import has_instance
from migrator.web.navigation import is_current, navigation_for
from migrator.web.request import now, visitor
from migrator.wiring import wiring

csrf = CSRFProtect()
NAVIGATIONS_KEPT = 1024

POLICY = (
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "form-action 'self' https://checkout.stripe.com"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def register(app: Flask) -> None:
    """This will give templates what the frame shows, and answers their headers."""
    csrf.init_app(app)
    app.context_processor(_frame)
    app.jinja_env.globals["csrf_field"] = _csrf_field
    app.after_request(_harden)
    app.after_request(_wake_worker)


def _frame() -> dict[str, Any]:
    someone = visitor()
    role = someone.role if someone else None
    settings = wiring().settings
    return {
        "person": someone,
        "role": role,
        "navigation": _navigation(
            current_app.jinja_env.get_template("components/navigation.html"),
            role,
            request.path,
            has_hosting=bool(someone and someone.organisation_id and _has_hosting(someone.organisation_id)),
        ),
        "account_navigation": _account_navigation(role),
        "sign_out_url": url_for("security.logout") if role else None,
        "theme": request.cookies.get("theme", "system"),
        "demo": settings.demo,
        "demo_links": _demo_links(),
        "now": now(),
    }


@lru_cache(maxsize=NAVIGATIONS_KEPT)
def _navigation(template: Template, role: Role | None, path: str, *, has_hosting: bool) -> Markup:
    # It follows from these alone, and is half of what surrounds a page.
    entries = navigation_for(role, path, has_hosting=has_hosting)
    return Markup(template.module.main_navigation(entries))  # type: ignore[attr-defined]


def _has_hosting(organisation_id: int) -> bool:
    try:
        with one_question() as connection:
            return has_instance(connection, organisation_id)
    except SQLAlchemyError:
        # The page that says that something went wrong has this frame, too.
        return False


def _account_navigation(role: Role | None) -> list[tuple[str, str, bool]]:
    links = [("Account", "/account")] if role else [("Sign in", "/sign-in"), ("Sign up", "/sign-up")]
    return [(label, url, is_current(url, request.path)) for label, url in links]


def _demo_links() -> list[tuple[str, str]]:
    settings = wiring().settings
    if not settings.demo:
        return []
    payments = [("Test payments", settings.stripe_api_base)] if settings.uses_sandbox else []
    return [("People and passwords", "/demo"), ("Mailbox", "/demo/mail"), *payments]


def _csrf_field() -> Markup:
    # A page has one in each of its forms, all the same.
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    return cast(Markup, g.csrf_field)


def _harden(response: Response) -> Response:
    settings = wiring().settings
    # Chromium holds the redirect after a form against form-action too, so the stand-in must be named in the demo.
    extra = f" {settings.stripe_api_base}" if settings.uses_sandbox else ""
    response.headers.setdefault("Content-Security-Policy", POLICY + extra)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _wake_worker(response: Response) -> Response:
    if request.method == "POST" and response.status_code < 400:
        wiring().wake()
    return response
