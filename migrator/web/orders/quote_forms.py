"""The forms of a customer's quotes."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from migrator.web.fields import TEXT_LENGTH, trimmed, visible
from migrator.web.shop.answers import NO_INSURANCE, insurance_choices, refuse_unknown_insurance
from migrator.web.shop.declaration import TOKEN, DeclarationForm


def words_field(label: str) -> TextAreaField:
    """This will make a field for words that may be left empty."""
    length = Length(max=TEXT_LENGTH, message=f"Use {TEXT_LENGTH:,} characters or less")
    return TextAreaField(label, filters=[trimmed], validators=[Optional(), length, visible])


class RequestForm(FlaskForm):  # type: ignore[misc]
    """Asking for a price."""

    words = words_field("What should we know about the site?")
    token = HiddenField()

    def validate_token(self, field: HiddenField) -> None:
        """This will refuse a token that we have not made."""
        if not TOKEN.fullmatch(field.data or ""):
            raise ValidationError("This form is incomplete. Load the page again")


class AcceptOfferForm(DeclarationForm):
    """Accepting an offer: insurance, addresses, own backup."""

    insurance = RadioField("Insurance", default=NO_INSURANCE, validate_choice=False)

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.insurance.choices = insurance_choices()

    def validate_insurance(self, field: Field) -> None:
        """This will refuse an insurance that we do not sell."""
        refuse_unknown_insurance(field)

    def plan(self) -> int | None:
        """This will return the number of the chosen insurance plan; only for a valid form."""
        return None if self.insurance.data == NO_INSURANCE else int(self.insurance.data)


class DeclineForm(FlaskForm):  # type: ignore[misc]
    """Declining an offer, or taking a request back."""

    reason = words_field("Why not?")
