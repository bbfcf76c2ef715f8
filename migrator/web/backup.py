"""The own backup that a run asks for: its day, and that an old one is known to be old (RULES M-006, C-077)."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from migrator.orders.rules import is_old_backup
from migrator.web.public.forms import PlainDateField
from migrator.web.shop.declaration import KNOWN, NO_BACKUP_DAY


class BackupForm(FlaskForm):  # type: ignore[misc]
    """When the own backup was made. One that is older than we advise asks once whether that is known."""

    backup_on = PlainDateField("When was your backup made?", validators=[InputRequired(NO_BACKUP_DAY)])
    old_backup_known = BooleanField(KNOWN)

    def warns(self, today: date) -> bool:
        """This will tell whether the backup is older than we advise and the customer has not said that they know."""
        made_on = self.backup_on.data
        if made_on is None or self.old_backup_known.data:
            return False
        return is_old_backup(made_on, today=today)
