"""The customer's look at a preview: marking its pages, sending it back, and starting the full migration.

May read orders and fulfilment, and call journeys. Read `review.py` first.
"""

from flask import Blueprint

pages = Blueprint("review", __name__)

from migrator.web.review import review  # noqa: E402, F401
