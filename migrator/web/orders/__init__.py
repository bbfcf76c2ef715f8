"""A customer's own orders and quotes. Every row is asked for with the organisation of the one who is signed in.

May read orders, fulfilment and calendars, and call journeys. Read `tracker.py` first.
"""

from flask import Blueprint

pages = Blueprint("orders", __name__)

from migrator.web.orders import dates, listing, quotes, tracker  # noqa: E402, F401
