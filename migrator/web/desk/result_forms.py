"""The workbench's forms about runs, results and what the customer asks for."""

from __future__ import annotations

from wtforms import BooleanField, Field, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from migrator.fulfilment.hours.rules import NotATime, in_tenths, read_minutes
from migrator.money import MalformedAmount, Money, parse_money
from migrator.policy.loading import USUAL_CURRENCY
from migrator.web.desk.extras_forms import NO_PAGES, PagesField
from migrator.web.desk.forms import READ_BY_CUSTOMER, VersionedForm
from migrator.web.fields import line_field, moment_field, text_field, trimmed
from migrator.web.public.forms import PlainDateField

NO_DAY = "Enter the last day, such as 18 Dec 2026"
NO_PRICE = "Enter the price, such as 90.00"


class RunEndForm(VersionedForm):
    """When a run was done and what it moved."""

    moved_pages = PagesField("Pages moved", validators=[InputRequired(NO_PAGES)])
    finished_at = moment_field("The migration was done, in desk time")


class RunFailureForm(VersionedForm):
    """What went wrong."""

    failure = text_field("What went wrong, which the customer reads", empty="Say what went wrong")
    is_our_fault = BooleanField("The fault is ours: a restart is given back")


class ConfirmForm(VersionedForm):
    """A deed without anything to type."""


class RunTimeForm(VersionedForm):
    """When a run was really done."""

    finished_at = moment_field("The migration was done, in desk time")
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class ValidationTimeForm(VersionedForm):
    """When the result was really checked."""

    validated_at = moment_field("The result was checked, in desk time")
    reason = line_field(READ_BY_CUSTOMER, empty="Give the reason for the correction")


class InsuranceForm(VersionedForm):
    """The new last day of the insurance."""

    last_day = PlainDateField("Last day of the insurance", validators=[InputRequired(NO_DAY)])
    reason = line_field(READ_BY_CUSTOMER, empty="Say how our own delay blocked its use")


class PriceForm(VersionedForm):
    """The price of a change that is not included, and the support time that comes with it.

    :ivar currency: the order's
    """

    price = StringField("Price", filters=[trimmed], validators=[InputRequired(NO_PRICE)])
    currency = USUAL_CURRENCY
    support = StringField("Support time that comes with it", filters=[trimmed], validators=[Optional()])

    def validate_price(self, field: Field) -> None:
        """This will refuse what is no amount of money."""
        try:
            parse_money(field.data or "", self.currency)
        except MalformedAmount as error:
            raise ValidationError(str(error).rstrip(".")) from error

    def validate_support(self, field: Field) -> None:
        """This will refuse what is no time."""
        try:
            read_minutes(field.data or "")
        except NotATime as error:
            raise ValidationError(str(error).rstrip(".")) from error

    def amount(self) -> Money:
        """This will return the price; only for a valid form."""
        return parse_money(self.price.data or "", self.currency)

    def minutes(self) -> int:
        """This will return the support time in whole tenths of an hour; only for a valid form."""
        return in_tenths(read_minutes(self.support.data)) if self.support.data else 0


class RequestAnswerForm(VersionedForm):
    """What was done, or why not."""

    answer = text_field("Answer, which the customer reads", empty="Write an answer")
