"""The staff's side: what to do now, and the workbench of one order. Open to staff alone.

May read all rooms and call journeys. Read `today.py` first, then `workbench.py`.
"""

from flask import Blueprint

pages = Blueprint("desk", __name__)

from migrator.web.desk import dates, messages, pausing, problems, quotes, secrets, today, workbench  # noqa: E402, F401
