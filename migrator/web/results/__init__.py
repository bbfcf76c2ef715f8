"""A customer's result: looking at it, changes, restarts, and keeping access details longer.

May read orders and fulfilment, and call journeys. Read `review.py` first.
"""

from flask import Blueprint

pages = Blueprint("results", __name__)

from migrator.web.results import changes, extending, restart, review  # noqa: E402, F401
