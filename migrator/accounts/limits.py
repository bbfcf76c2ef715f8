"""How often one place, one address and one person may try, so that nobody guesses or floods a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

GUESSES = ("login", "verify", "two_factor_token_validation", "mf_recovery", "reset_password", "change_password")
MESSAGES = ("register", "forgot_password", "send_confirmation", "change_email")
MESSAGES_TO_ONE_ADDRESS = "10 per hour"
CODES_OF_ONE_PERSON = "10 per 15 minutes"


def register(app: Flask, *, rate: str) -> None:
    """This will limit what is sent to the pages of signing in and up; the rest answers with status 429.

    :param rate: how often one place on the internet may send, such as `20 per minute`
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    limits = (
        (rate, get_remote_address, GUESSES + MESSAGES),
        (MESSAGES_TO_ONE_ADDRESS, _typed_address, MESSAGES),
        (CODES_OF_ONE_PERSON, _half_signed_in, ("two_factor_token_validation", "mf_recovery")),
    )
    for allowed, key, pages in limits:
        for page in pages:
            name = f"security.{page}"
            limit: Callable[[Any], Any] = limiter.limit(allowed, key_func=key, methods=["POST"])
            app.view_functions[name] = limit(app.view_functions[name])


def _typed_address() -> str:
    return request.form.get("email", "").strip().lower()


def _half_signed_in() -> str:
    return str(session.get("tf_user_id", ""))
