"""The choice of colours, kept in a cookie so that the page comes in them at once."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from migrator.web.audience import open_to
from migrator.web.public import pages
from migrator.wiring import wiring

THEMES = frozenset({"light", "dark", "system"})
KEPT_FOR = timedelta(days=365)
# Browsers read a backslash as a slash and drop control characters, so either could name another host.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@pages.post("/theme")
@open_to()
def theme() -> Response:
    """This will keep the chosen colours for a year and go back to where the person was."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    answer = redirect(own_path(request.form.get("next", "")), 303)
    is_secure = wiring().settings.is_served_securely
    answer.set_cookie("theme", chosen, max_age=KEPT_FOR, secure=is_secure, httponly=True, samesite="Lax")
    return answer


def own_path(text: str) -> str:
    """This will return the address when it is a path on this site, otherwise the start page."""
    return text if OWN_PATH.fullmatch(text) else "/"
