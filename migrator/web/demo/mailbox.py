"""The mailbox of the demonstration: every message that its mail server took, whoever it was for."""

from __future__ import annotations

from pathlib import Path

from flask import Response, make_response, render_template

from migrator.demo.mailbox import envelopes, opened
from migrator.web.audience import open_to
from migrator.web.demo import pages
from migrator.wiring import wiring

# A message is somebody's text: it may be looked at and its links followed, and nothing in it may run or be fetched.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-top-navigation-by-user-activation"
)


@pages.get("/demo/mail")
@open_to()
def mailbox() -> str:
    """This will list the messages, newest first."""
    return render_template("demo/mailbox.html", envelopes=envelopes(_folder()))


@pages.get("/demo/mail/<name>")
@open_to()
def letter(name: str) -> str:
    """This will show one message as text, and as HTML in a frame."""
    return render_template("demo/letter.html", letter=opened(_folder(), name))


@pages.get("/demo/mail/<name>/html")
@open_to()
def letter_html(name: str) -> Response:
    """This will answer with the HTML of a message, sealed off; its links open in the whole window."""
    html = opened(_folder(), name).html.replace("<head>", '<head><base target="_top">', 1)
    response = make_response(html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


def _folder() -> Path:
    return wiring().settings.instance / "mail"
