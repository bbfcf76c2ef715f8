"""How often one place, one address and one person may try, so that nobody guesses or floods a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

GUESSES = (
    "security.login",
    "security.verify",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.reset_password",
    "security.change_password",
)
MESSAGES = ("security.register", "security.forgot_password", "security.send_confirmation", "security.change_email")
CODES = ("security.two_factor_token_validation", "security.mf_recovery")
MESSAGES_TO_ONE_ADDRESS = "10 per hour"
CODES_OF_ONE_PERSON = "10 per 15 minutes"
ORDER_CODES = ("links.send",)
ENTERING_ORDER_CODES = ("links.enter_code",)
TRIES_OF_ONE_ORDER_CODE = "5 per 10 minutes"
INVITING = ("account.invite",)
COUNTING = ("shop.count_site",)
COUNTS_FROM_ONE_PLACE = "10 per 10 minutes"
INVITATIONS_OF_ONE_PERSON = "10 per hour"


def register(app: Flask, *, rate: str) -> None:
    """This will limit what is sent to the pages of signing in and up, inviting and counting; more is answered with 429.

    Comes after all pages are registered.

    :param rate: how often one place on the internet may send, such as `20 per minute`
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    limits = (
        (rate, get_remote_address, GUESSES + MESSAGES + ORDER_CODES + ENTERING_ORDER_CODES),
        (MESSAGES_TO_ONE_ADDRESS, _typed_address, MESSAGES + INVITING + ORDER_CODES),
        (TRIES_OF_ONE_ORDER_CODE, _order_code, ENTERING_ORDER_CODES),
        (INVITATIONS_OF_ONE_PERSON, _signed_in, INVITING),
        (COUNTS_FROM_ONE_PLACE, get_remote_address, COUNTING),
        (CODES_OF_ONE_PERSON, _half_signed_in, CODES),
    )
    # Each limit stands on its page; looking for limits of all pages would cost every request and find none.
    app.before_request_funcs[None].remove(limiter._check_request_limit)
    for allowed, key, pages in limits:
        for page in pages:
            limit: Callable[[Any], Any] = limiter.limit(allowed, key_func=key, methods=["POST"])
            app.view_functions[page] = limit(app.view_functions[page])


def _typed_address() -> str:
    return request.form.get("email", "").strip().lower()


def _signed_in() -> str:
    return str(session.get("_user_id", ""))


def _half_signed_in() -> str:
    return str(session.get("tf_user_id", ""))


def _order_code() -> str:
    return str(session.get("tracking_asked", {}).get("request", ""))
