"""The administrator's pages: staff accounts, calendars and closures.

Views only; what they change is done by the rooms. Each file is one page with its forms.
"""

from flask import Blueprint

pages = Blueprint("admin", __name__)

from migrator.web.admin import calendars, closure, closures, news, staff  # noqa: E402, F401
