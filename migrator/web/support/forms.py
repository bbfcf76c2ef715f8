"""The forms of requests."""

from __future__ import annotations

import re
import secrets

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from migrator.support.attachment_rules import TAKEN_WORDS, size_text
from migrator.support.categories import CATEGORY_WORDS, OFFERED, Desk
from migrator.support.models import SUBJECT_LENGTH
from migrator.web.attachments import limits
from migrator.web.fields import TEXT_LENGTH, line_field, optional_text_field, text_field, trimmed, visible

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
ADDRESS_LENGTH = 2_000
NO_SUBJECT = "Say in a few words what it is about"


def new_token() -> str:
    """This will return what tells one press of the send button from another."""
    return secrets.token_urlsafe(24)


class SubjectForm(FlaskForm):  # type: ignore[misc]
    """What a request is about; asked first, so that help can be offered (RULES C-005, C-024)."""

    class Meta:
        """Nothing is changed by it, so it needs no token and stands in the address."""

        csrf = False

    category = RadioField("What is it about?", validators=[InputRequired("Choose what it is about")])
    subject = line_field("In a few words", empty=NO_SUBJECT)

    def offer(self, desk: Desk) -> None:
        """This will offer the categories that the desk takes from customers."""
        self.offered = {category.value: CATEGORY_WORDS[category] for category in OFFERED[desk]}
        self.category.choices = [SelectChoice(value, words) for value, words in self.offered.items()]
        self.category.validate_choice = False

    def validate_category(self, field: RadioField) -> None:
        """This will refuse a category that the desk does not take.

        :raises ValidationError: in our own words
        """
        if field.data not in self.offered:
            raise ValidationError("Choose what it is about")


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """The request itself (RULES C-028, C-029, M-032)."""

    token = HiddenField(validators=[DataRequired("Load the page again, then send the form")])
    order = SelectField("Which migration is it about?", validate_choice=False)
    instance = SelectField("Which shop is it about?", validate_choice=False)
    acknowledged = BooleanField("I have read the hosting desk’s policy")
    description = TextAreaField("What happens?", filters=[trimmed])
    error_text = optional_text_field("Exact error text")
    page_address = StringField(
        "Address of the page",
        filters=[trimmed],
        validators=[Optional(), Length(max=ADDRESS_LENGTH, message="Use 2,000 characters or less"), visible],
    )
    expected = optional_text_field("What you expected instead")
    language = SelectField("Language of your request", validate_choice=False)
    files = MultipleFileField("Files")

    def ask(self, *, orders: list[tuple[str, str]], needs_order: bool, languages: list[tuple[str, str]]) -> None:
        """This will offer the customer's migrations and the languages."""
        none = "Choose a migration" if needs_order else "Not about one migration"
        self.order.choices = [SelectChoice("", none), *(SelectChoice(*order) for order in orders)]
        self.order.flags.required = needs_order
        self.language.choices = [SelectChoice(*language) for language in languages]
        self.language.flags.required = True

    def refuse_gaps(
        self, *, orders: list[tuple[str, str]], languages: list[tuple[str, str]], needs_order: bool, least: int
    ) -> bool:
        """This will mark what is missing and tell whether anything is (RULES C-028, C-029)."""
        if needs_order and self.order.data not in dict(orders):
            self.order.errors = ["Choose the migration that it is about"]
        if len(" ".join((self.description.data or "").split())) < least:
            self.description.errors = [f"Describe what happens in at least {least} characters"]
        if self.language.data not in dict(languages):
            self.language.errors = ["Choose a language from the list"]
        return any((self.order.errors, self.description.errors, self.language.errors))

    def validate_description(self, field: TextAreaField) -> None:
        """This will refuse what is too long or holds what cannot be seen."""
        if len(field.data or "") > TEXT_LENGTH:
            raise ValidationError(f"Use {TEXT_LENGTH:,} characters or less")
        visible(self, field)


class WriteForm(FlaskForm):  # type: ignore[misc]
    """A message of the customer."""

    body = text_field("Your message", empty="Write the message first")
    files = MultipleFileField("Files")


class OrderForm(FlaskForm):  # type: ignore[misc]
    """The migration that a request is about."""

    order = SelectField("Your migration number", validate_choice=False)


def files_hint() -> str:
    """This will say which files we take (RULES: settings)."""
    allowed = limits()
    return f"Up to {allowed.files} files of {size_text(allowed.bytes_each)} each: {TAKEN_WORDS}."


def shortened(subject: str) -> str:
    """This will return a subject that fits its column."""
    return subject[:SUBJECT_LENGTH]
