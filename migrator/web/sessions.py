"""The signed cookie that a session is kept in, as Flask does it; what signs it is made once."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedSessions(SecureCookieSessionInterface):
    """Flask's own sessions; the key of an application does not change while it runs."""

    def __init__(self) -> None:
        self._signing: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """This will return what signs and reads the cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing
