"""Hosting: a customer's instances with restores, reviews and the free migration; our people's lists and maintenance.

May read the room `hosting` and call journeys. Read `instances.py` first; the files that begin with `desk_` are staff's.
"""

from flask import Blueprint

pages = Blueprint("hosting", __name__)

from migrator.web.hosting import (  # noqa: E402, F401
    desk_instances,
    desk_maintenance,
    desk_restores,
    instances,
    moving,
    restoring,
    reviewing,
)
