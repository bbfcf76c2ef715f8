"""News for everybody: the list, a page for each, and a feed (RULES C-020).

May read announcements and calendars. What staff write is in `admin/news.py`. Read `listing.py` first.
"""

from flask import Blueprint

pages = Blueprint("news", __name__)

from migrator.web.news import feed, listing  # noqa: E402, F401
