"""Paying: the customer's pages, the provider's messages, and what finance sees of payments.

May read orders and payments, call journeys, and ask the gateway outside any transaction. Read `pay.py` first.
"""

from flask import Blueprint

pages = Blueprint("payments", __name__)

from migrator.web.payments import again, desk, paid, pay, receipt, webhook  # noqa: E402, F401
