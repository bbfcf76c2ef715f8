"""What people do by themselves, because we do not: switching DNS, and letting us through a firewall (M-040, M-041)."""

from __future__ import annotations

from flask import render_template

from migrator.web.audience import open_to
from migrator.web.scope import pages


@pages.get("/do-you-do-this/by-yourself")
@open_to()
def by_yourself() -> str:
    """This will show the two checklists."""
    return render_template("scope/by_yourself.html")
