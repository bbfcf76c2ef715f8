"""Codes from an authenticator app: each is taken once, and the picture to scan is a drawing that any page may hold."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import qrcode
from flask_security import Totp
from markupsafe import Markup
from qrcode.image.svg import SvgPathFillImage


class OneTimeCodes(Totp):
    """Flask-Security's codes with a memory for the last one that was used."""

    def get_last_counter(self, user: Any) -> int | None:
        """This will return the half minute of the person's last code."""
        last: int | None = user.tf_last_counter
        return last

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """This will remember the half minute of the code that was just taken."""
        user.tf_last_counter = tmatch.counter

    def generate_qrcode(self, username: str, totp: str) -> str:
        """This will draw the code to scan as SVG within the page: our pages take pictures from no other place."""
        drawing = BytesIO()
        qrcode.make(self.get_totp_uri(username, totp), image_factory=SvgPathFillImage).save(drawing)
        return Markup(drawing.getvalue().decode().partition("?>")[2])
