"""Pages ask no more of the database than one kind of it can show."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def without_tokens(app: Flask) -> None:
    """Forms are sent as written here; that they carry their token is held elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False
