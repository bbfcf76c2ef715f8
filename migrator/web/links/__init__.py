"""What an order shows without signing in: its states by a link or a code, and its dates to a calendar program.

May read orders, fulfilment and calendars. Nothing about people, prices, addresses or words leaves by these pages.
Read `standing.py` first.
"""

from flask import Blueprint

pages = Blueprint("links", __name__)

from migrator.web.links import managing, opened, tracking  # noqa: E402, F401
