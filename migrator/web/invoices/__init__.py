"""What was issued to a customer: the list, each document as a page that prints, and as PDF.

May read invoices and orders; changes nothing. Read `listing.py` first.
"""

from flask import Blueprint

pages = Blueprint("invoices", __name__)

from migrator.web.invoices import listing, paper  # noqa: E402, F401
