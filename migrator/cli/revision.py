"""`migrator revision`: for developers, after a change of the models."""

from __future__ import annotations

import click
import flask_migrate

from migrator.cli.installation import Installation
from migrator.database.upgrade import REVISIONS, bring_up_to_date


@click.command()
@click.argument("words")
@click.pass_obj
def revision(installation: Installation, words: str) -> None:
    """Writes the next revision of the schema from the models; WORDS say what changes. Read it before keeping it."""
    app = installation.application()
    bring_up_to_date(app)
    with app.app_context():
        flask_migrate.revision(message=words, autogenerate=True, directory=str(REVISIONS))
