"""How Flask-Security is set up: addresses of its pages, life times, and its sentences in our words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from flask_security import uia_email_mapper

from migrator.settings import Settings

IDLE_HOURS = 12
REMEMBERED_DAYS = 14
FRESH_MINUTES = 30
LINK_DAYS = 2
RESET_LINK_DAYS = 1
RECOVERY_CODES = 8
# OWASP's recommendation for Argon2id: 19 MiB, two passes, one lane.
HASHING = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}

PAGES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/sign-up",
    "RESET_URL": "/reset-password",
    "CONFIRM_URL": "/confirm-address",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "CHANGE_URL": "/account/password",
    "CHANGE_EMAIL_URL": "/account/address",
    "VERIFY_URL": "/account/verify",
    "TWO_FACTOR_SETUP_URL": "/account/two-factor",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "POST_LOGIN_VIEW": "/home",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_REGISTER_VIEW": "/sign-up/sent",
    "POST_CHANGE_VIEW": "/account",
    "POST_CHANGE_EMAIL_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account",
}

SENTENCES = {
    "GENERIC_AUTHN_FAILED": (
        "We could not sign you in with this address and password. Check both. "
        "If you have just signed up, first follow the link in our e-mail."
    ),
    "UNAUTHENTICATED": "Sign in to see this page.",
    "ANONYMOUS_USER_REQUIRED": "You are signed in already.",
    "REAUTHENTICATION_REQUIRED": "Enter your password again before you change this.",
    "REAUTHENTICATION_SUCCESSFUL": "Thank you. You can go on now.",
    "CONFIRM_REGISTRATION": "We have sent an e-mail to %(email)s.",
    "CONFIRMATION_REQUEST": "If %(email)s waits to be confirmed, we have sent a new link to it.",
    "EMAIL_CONFIRMED": "Your address is confirmed. You can sign in now.",
    "ALREADY_CONFIRMED": "This address is confirmed already. You can sign in.",
    "INVALID_CONFIRMATION_TOKEN": "This link does not work. Ask for a new one here.",
    "CONFIRMATION_EXPIRED": "This link was good for %(within)s. Ask for a new one here.",
    "PASSWORD_RESET_REQUEST": "If there is an account for %(email)s, we have sent a link to it.",
    "PASSWORD_RESET_EXPIRED": "This link was good for %(within)s. Ask for a new one here.",
    "INVALID_RESET_PASSWORD_TOKEN": "This link does not work or was used before. Ask for a new one here.",
    "PASSWORD_RESET_NO_LOGIN": "Your new password is saved. Sign in with it.",
    "PASSWORD_CHANGE": "Your new password is saved. You stay signed in here and are signed out everywhere else.",
    "PASSWORD_IS_THE_SAME": "This is the password that you have now. Choose another.",
    "INVALID_PASSWORD": "This is not your password. Type it again.",
    "PASSWORD_NOT_PROVIDED": "Enter a password.",
    "EMAIL_NOT_PROVIDED": "Enter an e-mail address.",
    "INVALID_EMAIL_ADDRESS": "Enter an e-mail address like name@company.com.",
    "INVALID_REDIRECT": "The page to go on to is not one of ours.",
    "CHANGE_EMAIL_SENT": "We have sent a link to %(email)s. Your address changes when you follow it.",
    "CHANGE_EMAIL_CONFIRMED": "Your address is changed. Use the new one to sign in.",
    "CHANGE_EMAIL_EXPIRED": "This link was good for %(within)s. Ask for a new one here.",
    "API_ERROR": "This link does not work. Start again here.",
    "TWO_FACTOR_INVALID_TOKEN": "This code is wrong or was used before. Type the next one that your app shows.",
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "You are signed in.",
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": "Two-step sign-in is on. Make recovery codes next, and keep them safe.",
    "TWO_FACTOR_PERMISSION_DENIED": "Sign in with your address and password first.",
    "TWO_FACTOR_DISABLED": "Two-step sign-in is off.",
    "TWO_FACTOR_SETUP_EXPIRED": "The set-up was open for longer than %(within)s. Start again here.",
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": "Choose what to do with two-step sign-in.",
    "INVALID_RECOVERY_CODE": "This is not one of your unused recovery codes. Check it and type it again.",
    "NO_RECOVERY_CODES_SETUP": "You have no recovery codes yet. Make some.",
}
GOOD_NEWS = {"EMAIL_CONFIRMED", "ALREADY_CONFIRMED", "ANONYMOUS_USER_REQUIRED", "UNAUTHENTICATED"}
ENDINGS_OF_NEWS = ("_SUCCESSFUL", "_REQUEST", "_REGISTRATION", "_SENT", "_CONFIRMED", "_CHANGE", "_LOGIN", "_DISABLED")


def configuration(settings: Settings, *, now: Callable[[], datetime]) -> dict[str, object]:
    """This will return what the application's configuration needs for people to sign in."""
    return {
        **{f"SECURITY_{name}": value for name, value in (PAGES | _features() | _secrets(settings)).items()},
        **{f"SECURITY_MSG_{name}": (sentence, _tone(name)) for name, sentence in SENTENCES.items()},
        "SECURITY_DATETIME_FACTORY": now,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=IDLE_HOURS),
        "REMEMBER_COOKIE_DURATION": timedelta(days=REMEMBERED_DAYS),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_served_securely,
    }


def _tone(name: str) -> str:
    return "info" if name in GOOD_NEWS or name.endswith(ENDINGS_OF_NEWS) else "error"


def _features() -> dict[str, object]:
    return {
        "REGISTERABLE": True,
        "CONFIRMABLE": True,
        "RECOVERABLE": True,
        "CHANGEABLE": True,
        "CHANGE_EMAIL": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        # Codes of the present half minute, and one before or after it for clocks that are wrong.
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": RECOVERY_CODES,
        "RETURN_GENERIC_RESPONSES": True,
        "PASSWORD_CONFIRM_REQUIRED": False,
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_HASH_PASSLIB_OPTIONS": HASHING,
        # The same work as for a password: an answer must not take longer where there is an account.
        "HASHING_SCHEMES": ["argon2"],
        "CONFIRM_EMAIL_WITHIN": timedelta(days=LINK_DAYS),
        "RESET_PASSWORD_WITHIN": timedelta(days=RESET_LINK_DAYS),
        "FRESHNESS": timedelta(minutes=FRESH_MINUTES),
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=FRESH_MINUTES),
        # Addresses are stored in lower case, so that the index on them serves each search.
        "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper, "case_insensitive": False}}],
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        # Our post office renders messages itself, from the templates of their kind.
        "EMAIL_PLAINTEXT": False,
        "EMAIL_HTML": False,
        "REGISTER_EMAIL_TEMPLATE": "account_confirm",
        "REGISTER_EMAIL_EXISTING_TEMPLATE": "account_exists",
        "EMAIL_TEMPLATE_CONFIRM": "account_confirm",
        "EMAIL_TEMPLATE_PASSWORD_RESET": "account_reset",
        "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "account_password_changed",
        "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "account_password_changed",
        "CHANGE_EMAIL_EMAIL_TEMPLATE": "account_new_address",
        "API_ENABLED_METHODS": ["session"],
        "JOIN_USER_ROLES": False,
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
    }


def _secrets(settings: Settings) -> dict[str, object]:
    # Derived from the salt, which cannot be changed without losing all passwords: what it seals lives as long.
    salt = settings.keys.password_salt
    sealing_key = base64.urlsafe_b64encode(sha256(f"recovery codes {salt}".encode()).digest())
    return {
        "PASSWORD_SALT": salt,
        "TOTP_SECRETS": {"1": salt},
        "TOTP_ISSUER": "Migrator",
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [sealing_key],
    }
