"""Forms of a person's own pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from flask_security.forms import EmailValidation
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, ValidationError  # type: ignore[attr-defined]

from migrator.accounts.forms import address_field, name_field, password_field
from migrator.accounts.passwords import problem_of

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
ZONES = [
    SelectChoice("", "The desk’s time alone"),
    *(
        SelectChoice(zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if zone.split("/")[0] in AREAS
    ),
    SelectChoice("UTC"),
]


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What the person is called and where their clock stands."""

    name = name_field("Your name", required="Enter your name.")
    zone = SelectField("Your time zone", choices=ZONES)


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Who is asked to join."""

    email = address_field("E-mail of your colleague", EmailValidation(verify=True))


class JoinForm(FlaskForm):  # type: ignore[misc]
    """What an invited person adds."""

    name = name_field("Your name", required="Enter your name.")
    password = password_field("Password")

    def __init__(self, *, email: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.email = email

    def validate_password(self, field: Any) -> None:
        """This will refuse a password that others would guess."""
        problem = problem_of(field.data, personal=(self.name.data or "", self.email))
        if problem:
            raise ValidationError(problem)
