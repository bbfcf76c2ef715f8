"""What a customer can buy for an order later, and what is used of it: offers, larger products, pages, hours, insurance.

May read orders, supplements and hours, call journeys, and lead to the payment pages. Read `offers.py` first.
"""

from flask import Blueprint

pages = Blueprint("extras", __name__)

from migrator.web.extras import choosing, counted, hours, offers  # noqa: E402, F401
