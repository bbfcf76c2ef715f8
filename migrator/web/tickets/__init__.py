"""Tickets for our people: the list by what is due next, the workbench of one, logging a chat or a call.

May read tickets, call journeys. Read `listed.py` first. Notes are shown here and nowhere else.
"""

from flask import Blueprint

pages = Blueprint("tickets", __name__)

from migrator.web.tickets import (  # noqa: E402, F401
    answering,
    arranging,
    bench,
    history,
    listed,
    logging,
    mail,
    merging,
    scope,
)
