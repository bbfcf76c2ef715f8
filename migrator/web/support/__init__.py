"""A customer's requests: the list, asking with help articles first, the thread with its promise, files.

May read tickets and orders, call journeys. Read `page.py` first. Nothing here ever loads a note of our people.
"""

from flask import Blueprint

pages = Blueprint("support", __name__)

from migrator.web.support import asking, files, listing, ticket  # noqa: E402, F401
