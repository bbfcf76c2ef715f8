"""Pages for everybody that sell nothing: how we count, contact, colours, and the signs for machines.

May read the calendars and the policies. Read `how_we_count.py` first.
"""

from flask import Blueprint

pages = Blueprint("public", __name__)

from migrator.web.public import contact, health, how_we_count, theme  # noqa: E402, F401
