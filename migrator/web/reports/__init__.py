"""Reports for our people, and the public page of how we are doing (RULES C-003, C-022).

Reads the room `reports`. Read `gathering.py` first.
"""

from flask import Blueprint

pages = Blueprint("reports", __name__)

from migrator.web.reports import desk, status  # noqa: E402, F401
