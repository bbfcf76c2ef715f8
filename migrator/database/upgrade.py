"""Bringing a database to the newest revision."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, upgrade

from migrator.database.base import db

REVISIONS = Path(__file__).parent / "revisions"


def bring_up_to_date(app: Flask) -> None:
    """This will create what the database lacks, one revision after the other; a database of today is left alone."""
    Migrate(app, db, directory=str(REVISIONS))
    with app.app_context():
        upgrade(directory=str(REVISIONS))
