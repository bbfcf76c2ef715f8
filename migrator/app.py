"""Wiring and nothing else: settings, clock and gateway become an application with its doors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from migrator import api, jobs, tables, web  # noqa: F401 - tables makes the schema whole
from migrator.accounts import limits, security
from migrator.clock.source import Clock, FileClock, SystemClock
from migrator.database.base import db
from migrator.notifications.operations import owe_to_address
from migrator.payments.gateway import PaymentGateway, StripeGateway
from migrator.settings import Settings
from migrator.wiring import EXTENSION, Wiring

ROOT = Path(__file__).resolve().parent.parent
UPLOAD_LIMIT_BYTES = 1024 * 1024


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    gateway: PaymentGateway | None = None,
    wake: Callable[[], None] | None = None,
) -> Flask:
    """This will make the application from its settings; clock, gateway and wake-up are theirs unless given."""
    app = Flask("migrator", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(_configuration(settings))
    time = clock or _clock(settings)
    app.extensions[EXTENSION] = Wiring(
        settings=settings,
        clock=time,
        gateway=gateway or _gateway(settings),
        wake=wake or jobs.wake_of(settings),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    security.register(app, settings, now=time.now, owe=owe_to_address)
    web.register(app)
    limits.register(app, rate=settings.rate_limit)
    api.register(app)
    return app


def _clock(settings: Settings) -> Clock:
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()


def _gateway(settings: Settings) -> PaymentGateway:
    return StripeGateway(settings.stripe_api_key, settings.stripe_webhook_secret, settings.stripe_api_base)


def _configuration(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.keys.secret_key,
        "BASE_URL": settings.base_url,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            # What people typed must not come into the log by way of an error of the database.
            "hide_parameters": True,
            # Pages and tasks ask more questions than the 500 whose SQL is remembered by default.
            "query_cache_size": 2_000,
        },
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_served_securely,
        "SESSION_COOKIE_HTTPONLY": True,
        "MAX_CONTENT_LENGTH": UPLOAD_LIMIT_BYTES,
    }
