"""“Do you do this?”: our answer before anybody orders or writes, what people do by themselves, and the editor.

May read the room `scope` and the catalogue. Read `asking.py` first.
"""

from flask import Blueprint

pages = Blueprint("scope", __name__)

from migrator.web.scope import asking, editing, yourself  # noqa: E402, F401
