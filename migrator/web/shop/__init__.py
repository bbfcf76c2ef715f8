"""The shop window: home, configurator, price list, and the check before an order.

May read catalogue, calendars and policies, and call the journey of ordering. Read `start.py` first.
"""

from flask import Blueprint

pages = Blueprint("shop", __name__)

from migrator.web.shop import check, counting, home, start  # noqa: E402, F401
