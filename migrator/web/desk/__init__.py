"""The staff's side: what to do now, and the workbench of one order. Open to staff alone.

May read all rooms and call journeys. Read `today.py` first, then `workbench.py`.
"""

from flask import Blueprint

pages = Blueprint("desk", __name__)

from migrator.web.desk import (  # noqa: E402
    assigning,  # noqa: F401
    chat,  # noqa: F401
    checks,  # noqa: F401
    dates,  # noqa: F401
    extras_hours,  # noqa: F401
    extras_offers,  # noqa: F401
    extras_pages,  # noqa: F401
    jobs,  # noqa: F401
    messages,  # noqa: F401
    nonprofit,  # noqa: F401
    pausing,  # noqa: F401
    plugins,  # noqa: F401
    previews,  # noqa: F401
    problems,  # noqa: F401
    quotes,  # noqa: F401
    requests,  # noqa: F401
    results,  # noqa: F401
    secrets,  # noqa: F401
    sitemap,  # noqa: F401
    stops,  # noqa: F401
    team,  # noqa: F401
    today,  # noqa: F401
    workbench,  # noqa: F401
)
