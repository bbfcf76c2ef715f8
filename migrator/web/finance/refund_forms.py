"""The forms of giving back: an amount for each line, a reason, and what keeps a button from counting twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, StringField
from wtforms.validators import Optional, ValidationError

from migrator.money import MalformedAmount, Money, parse_money, total
from migrator.payments.refunds.rules import LineStanding, PaymentStanding, Suggestion
from migrator.web.fields import text_field, trimmed

LINE = "line_"


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why something is decided."""

    reason = text_field("Reason", empty="Give the reason. It stays with the refund")


class AmountsForm(FlaskForm):  # type: ignore[misc]
    """Amounts by order line; the fields are made for the lines at hand."""

    currency = "USD"

    def amounts(self) -> dict[int, Money]:
        """This will return what was typed for each line, nothing where nothing was; only for a valid form."""
        return {int(field.name.removeprefix(LINE)): self.read(field) for field in self.line_fields()}

    def line_fields(self) -> list[Field]:
        """This will return the fields of the lines, in their order."""
        return [field for field in self if field.name.startswith(LINE)]

    def read(self, field: Field) -> Money:
        """This will return the amount in a field; nothing where it is empty."""
        return parse_money(field.data, self.currency) if field.data else Money(0, self.currency)


class RefundForm(AmountsForm):
    """A refund: its amounts, its reason, and what the reader saw.

    :ivar token: the same for each press of this form's button
    :ivar expected: the minor units that could still go back when the form was opened
    """

    token = HiddenField()
    expected = HiddenField()
    reason = text_field("Reason", empty="Give the reason. It stays with the refund")

    def seen(self) -> Money | None:
        """This will return what could still go back when the form was opened; none where that cannot be read."""
        text = self.expected.data or ""
        return Money(int(text), self.currency) if text.isascii() and text.isdigit() and len(text) < 16 else None


class WholeForm(RefundForm):
    """A refund of money that fits no order: one amount."""

    whole = StringField("Goes back", filters=[trimmed])

    def validate_whole(self, field: Field) -> None:
        """This will refuse what is no amount."""
        _refuse_no_amount(self.currency, field)


def refund_form(standing: PaymentStanding) -> type[RefundForm]:
    """This will make the form for a payment: a field for each of its lines, or one for all of it."""
    currency = standing.captured.currency
    if not standing.fits:
        return type("WholeRefundForm", (WholeForm,), {"currency": currency})
    return type("LinesRefundForm", (RefundForm,), {"currency": currency, **_fields(standing.lines, currency)})


def allocation_form(standing: PaymentStanding) -> type[AmountsForm]:
    """This will make the form that names the lines of a refund."""
    currency = standing.captured.currency
    return type("AllocationForm", (AmountsForm,), {"currency": currency, **_fields(standing.lines, currency)})


def proposed(standing: PaymentStanding, suggestion: Suggestion) -> Mapping[str, str]:
    """This will return what the fields hold when the form is opened: our proposal."""
    typed = {f"{LINE}{line_id}": amount.plain for line_id, amount in suggestion.amounts.items() if amount.minor_units}
    return {**typed, "whole": suggestion.whole.plain, "expected": str(standing.refundable.minor_units)}


def sum_of(form: AmountsForm) -> Money:
    """This will add up what was typed; only for a valid form."""
    return total(list(form.amounts().values()), form.currency)


def _fields(lines: Sequence[LineStanding], currency: str) -> dict[str, Field]:
    def no_amount(_form: Form, field: Field) -> None:
        _refuse_no_amount(currency, field)

    return {
        f"{LINE}{line.line_id}": StringField(line.name, filters=[trimmed], validators=[Optional(), no_amount])
        for line in lines
    }


def _refuse_no_amount(currency: str, field: Field) -> None:
    try:
        parse_money(field.data or "", currency)
    except MalformedAmount as error:
        raise ValidationError(str(error).rstrip(".")) from error
