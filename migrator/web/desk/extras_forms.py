"""The forms of offers, pages and hours on the workbench."""

from __future__ import annotations

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, SelectChoice, SelectField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from migrator.fulfilment.hours.models import TimeKind
from migrator.fulfilment.hours.rules import KIND_WORDS
from migrator.fulfilment.pages.rules import PageCount
from migrator.web.desk.forms import READ_BY_CUSTOMER, VersionedForm
from migrator.web.fields import line_field, optional_text_field

NO_PRODUCT = "Choose a product"
NO_DAY = "Enter the day, such as 24 Nov 2026"
NO_PAGES = "Enter a number of pages, such as 1214"
KINDS = [SelectChoice(kind.value, KIND_WORDS[kind]) for kind in TimeKind]
COUNTS = [SelectChoice(which.value, f"{which.value.capitalize()} pages") for which in PageCount]


class PagesField(IntegerField):
    """A whole number of pages; thousands may be set apart by commas or spaces."""

    # A field for numbers would take neither.
    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """This will read what was typed."""
        typed = valuelist[0].replace(",", "").replace(" ", "") if valuelist else ""
        self.data = None
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
            raise ValueError(NO_PAGES)
        self.data = int(typed)


class DayField(DateField):
    """A day; anything else is refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """This will read what was typed."""
        try:
            self.data = date.fromisoformat(valuelist[0]) if valuelist else None
        except ValueError as error:
            self.data = None
            raise ValueError(NO_DAY) from error


class CountForm(VersionedForm):
    """How many pages were measured."""

    pages = PagesField("Pages measured", validators=[InputRequired(NO_PAGES)])


class PageCorrectionForm(VersionedForm):
    """A corrected count of pages."""

    which = SelectField("Which count?", choices=COUNTS, validators=[InputRequired()])
    pages = PagesField("The right number of pages", validators=[InputRequired(NO_PAGES)])
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class WorkForm(FlaskForm):  # type: ignore[misc]
    """Time that somebody worked; `seen` is what its writer has been shown before saving."""

    kind = SelectField("What it was", choices=KINDS, validators=[InputRequired()])
    time = line_field("Time", empty="Enter the time, such as 35 or 1:35")
    worked_on = DayField("Day", validators=[InputRequired(NO_DAY)])
    note = line_field("Note, which the customer reads", empty="Say in a few words what was done")
    seen = HiddenField()


class WorkCorrectionForm(WorkForm):
    """A corrected entry."""

    version = HiddenField()
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class UpgradeOfferForm(VersionedForm):
    """A larger product to offer."""

    choice = SelectField("Larger product", validate_choice=False, validators=[InputRequired(NO_PRODUCT)])


class HoursOfferForm(VersionedForm):
    """Hours to offer."""

    hours = line_field("Hours", empty="Enter the hours, such as 2 or 1.5")
    words = optional_text_field("What they are for, which the customer reads")


class OverageOfferForm(VersionedForm):
    """The measured pages beyond the limit, to offer."""


class WithdrawForm(VersionedForm):
    """Taking an offer back."""

    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason")
