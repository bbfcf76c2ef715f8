"""A customer's access details: what is needed, giving it, and destroying it again.

May read orders, access and fulfilment, and call journeys. Read `items.py` first. No secret is ever put on a page here.
"""

from flask import Blueprint

pages = Blueprint("access", __name__)

from migrator.web.access import afterwards, destroying, items  # noqa: E402, F401
