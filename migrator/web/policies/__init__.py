"""Both desks' policies for everybody: every version, an anchor for each promise, and what has changed (RULES C-001).

Reads the policy files alone, and the calendars. Read `reading.py` first.
"""

from flask import Blueprint

pages = Blueprint("policies", __name__, url_prefix="/policies")

from migrator.web.policies import reading  # noqa: E402, F401
