"""Ideas: the public list with its votes, and what staff make of them (RULES C-007).

Views only; what they change is done by `ideas` and the journey `suggest_idea`. Read `listing.py` first.
"""

from flask import Blueprint

pages = Blueprint("ideas", __name__)

from migrator.web.ideas import answering, from_ticket, listing, suggesting  # noqa: E402, F401
