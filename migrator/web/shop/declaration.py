"""What a customer says with each order: the two addresses, and the day of the own backup (RULES M-006)."""

from __future__ import annotations

import re
import secrets
from datetime import date

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, ValidationError

from migrator.access.fields import UnusableDetails, cleaned
from migrator.access.lifecycle import ItemKind
from migrator.clock.wording import day_text
from migrator.orders.rules import Declaration, is_old_backup
from migrator.policy.countries import countries, country_name
from migrator.web.fields import trimmed
from migrator.web.public.forms import PlainDateField

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
NO_OLD_SITE = "Enter the address of your old site"
NO_NEW_SITE = "Enter the address of your new site"
NO_BACKUP = "Make your own backup of both sites first, then tick this"
NO_BACKUP_DAY = "Enter the day on which your backup was made, such as 24 Nov 2026"
KNOWN = "I know that my backup is more than 7 days old, and want to go on"


class DeclarationForm(FlaskForm):  # type: ignore[misc]
    """The part that every new order asks."""

    source_address = StringField("Address of your old site", filters=[trimmed], validators=[InputRequired(NO_OLD_SITE)])
    target_address = StringField("Address of your new site", filters=[trimmed], validators=[InputRequired(NO_NEW_SITE)])
    has_backup = BooleanField("I have my own backup of both sites", validators=[InputRequired(NO_BACKUP)])
    own_backup_on = PlainDateField("When was it made?", validators=[InputRequired(NO_BACKUP_DAY)])
    old_backup_known = BooleanField(KNOWN)
    country = SelectField("Your country", validate_choice=False)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        known = (SelectChoice(code, name) for code, name in countries().items())
        self.country.choices = [SelectChoice("", "Choose one"), *known]

    def validate_source_address(self, field: Field) -> None:
        """This will refuse what is no address of a website."""
        _check_address(self, field)

    def validate_target_address(self, field: Field) -> None:
        """This will refuse what is no address of a website."""
        _check_address(self, field)

    def validate_country(self, field: Field) -> None:
        """This will refuse what is no country; where no tax is charged anywhere, none need be named."""
        if field.data and not country_name(field.data):
            raise ValidationError("Choose a country from the list")

    def told_country(self) -> str:
        """This will return the country that was chosen; empty for none."""
        return self.country.data if country_name(self.country.data or "") else ""

    def refuse_future(self, today: date) -> bool:
        """This will mark a backup from the future as wrong and tell whether it was one."""
        if self.own_backup_on.data is None or self.own_backup_on.data <= today:
            return False
        self.own_backup_on.errors = [f"Your backup cannot be from the future. Enter a day up to {day_text(today)}"]
        return True

    def is_old(self, today: date) -> bool:
        """This will tell whether the backup is older than we advise; the customer may go on (RULES M-006)."""
        return self.own_backup_on.data is not None and is_old_backup(self.own_backup_on.data, today=today)

    def declaration(self) -> Declaration:
        """This will return what was said; only for a valid form."""
        return Declaration(
            self.source_address.data or "",
            self.target_address.data or "",
            self.own_backup_on.data,
            self.told_country(),
        )


class OrderForm(DeclarationForm):
    """The form of an order from the list. Its token makes a second press of the button harmless.

    The other hidden fields say what its reader has seen: the total, and the application that waits for an answer.
    """

    token = HiddenField()
    shown_total = HiddenField()
    pending_known = HiddenField()

    def validate_token(self, field: Field) -> None:
        """This will refuse a token that we have not made."""
        if not TOKEN.fullmatch(field.data or ""):
            raise ValidationError("This form is incomplete. Load the page again")


def new_token() -> str:
    """This will return a token for a form that is shown for the first time."""
    return secrets.token_urlsafe(24)


def _check_address(_form: Form, field: Field) -> None:
    try:
        field.data = cleaned(ItemKind.SITE_ADDRESS, {"address": field.data or ""})["address"]
    except UnusableDetails as error:
        raise ValidationError(error.sentences["address"].rstrip(".")) from error
