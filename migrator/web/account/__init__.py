"""A person's own pages: profile, colleagues, and joining by an invitation.

Sign-in itself is Flask-Security's, set up in `migrator.accounts.security`. Read `profile.py` first.
"""

from flask import Blueprint

pages = Blueprint("account", __name__)

from migrator.web.account import closing, colleagues, joining, letters, nonprofit, profile, writing  # noqa: E402, F401
