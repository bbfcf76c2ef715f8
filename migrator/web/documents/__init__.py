"""An order's documents as PDF, for the people of its organisation and for staff.

May read orders and documents; changes nothing. Read `files.py` first.
"""

from flask import Blueprint

pages = Blueprint("documents", __name__)

from migrator.web.documents import files  # noqa: E402, F401
