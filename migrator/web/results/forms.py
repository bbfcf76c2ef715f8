"""The forms of the results pages."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from migrator.web.backup import BackupForm
from migrator.web.fields import text_field


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """A button without fields."""


class ProblemForm(FlaskForm):  # type: ignore[misc]
    """What is wrong with the result."""

    problem = text_field("What is wrong, and where?", empty="Describe what is wrong, and where we can see it")


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """What is to be changed."""

    change = text_field("What is to be changed, and where?", empty="Describe what is to be changed, and where")


class RestartForm(BackupForm):
    """The own backup of the new site, and that a restart overwrites it (RULES C-077, M-006)."""

    is_confirmed = BooleanField(
        "I have this backup, and know that the restart overwrites the new site",
        validators=[InputRequired("Make your own backup of the new site first, then tick this")],
    )
