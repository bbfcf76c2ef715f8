"""The configurator's answers; they live in the address, so that each page of the shop can be kept and sent on."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from migrator.catalogue.address import NO_INSURANCE as NO_INSURANCE
from migrator.catalogue.address import address_of as address_of
from migrator.catalogue.advice import Needs, recommend
from migrator.catalogue.rules import MOST_PAGES, Selection
from migrator.clock.wording import counted_text
from migrator.money import SYMBOLS
from migrator.policy.loading import catalogue, platforms
from migrator.policy.types import Catalogue, Family, InsurancePlan
from migrator.web.shop.visitor import currencies, currency_of

WAYS = {
    Family.SELF_SERVICE: ("I click, you help", "You start the migration yourself; it runs by itself"),
    Family.ASSISTED: ("Set it up for me", "Our engineers set it up and show you a preview; one click starts it"),
    Family.PACKAGE: ("Do it all", "We move the whole site and stay for the changes"),
}
NO_PAGES = "Enter the number of pages as a whole number, such as 800"
PLATFORMS = [platform.key for platform in platforms().platforms]
NO_SOURCE = "Choose your present system"
NO_TARGET = "Choose the new system"
# A choice that is not on the list is refused by our own validators, in our own words.
OURS: dict[str, Any] = {"validate_choice": False}
GROUPING = str.maketrans("", "", ",.'’ \u00a0\u202f")


class PagesField(IntegerField):
    """A number of pages; people may write `1,000`, `1.000` or `1 000`."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """This will read the number, or refuse it in our own words."""
        if not valuelist:
            return
        typed = valuelist[0].strip().translate(GROUPING)
        if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_PAGES))):
            raise ValueError(NO_PAGES)
        self.data = int(typed)


class AnswersForm(Form):
    """Four questions, and what was picked on the price that they led to. Asked by GET: it changes nothing."""

    source = SelectField(
        "Which system is your site on now?", validators=[InputRequired(NO_SOURCE), AnyOf(PLATFORMS, NO_SOURCE)], **OURS
    )
    target = SelectField(
        "Which system do you move to?", validators=[InputRequired(NO_TARGET), AnyOf(PLATFORMS, NO_TARGET)], **OURS
    )
    pages = PagesField(
        "How many pages does the site have?",
        validators=[
            InputRequired(NO_PAGES),
            NumberRange(1, MOST_PAGES, f"Enter a number of pages from 1 to {MOST_PAGES:,}"),
        ],
    )
    who = RadioField(
        "Who does the work?",
        choices=[SelectChoice(family.value, words) for family, (words, _hint) in WAYS.items()],
        validators=[AnyOf(list(Family), "Choose who does the work")],
        **OURS,
    )
    product = StringField()
    options = SelectMultipleField(
        "Options", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **OURS
    )
    insurance = RadioField("Insurance", default=NO_INSURANCE, **OURS)
    currency = RadioField("Which currency do you pay in?", **OURS)

    def __init__(self, answers: MultiDict[str, str]) -> None:
        if "pages" in answers:
            super().__init__(answers)
        else:
            super().__init__(data={"who": answers.get("who")})
        names = [SelectChoice(platform.key, platform.name) for platform in platforms().platforms]
        self.source.choices = self.target.choices = [SelectChoice("", "Choose one"), *names]
        self.options.choices = [SelectChoice(option.sku, option.name) for option in catalogue().options]
        self.insurance.choices = insurance_choices()
        self.currency.choices = [SelectChoice(code, f"{code} {SYMBOLS[code]}") for code in currencies()]
        if not self.currency.data or len(currencies()) == 1:
            self.currency.data = currency_of(self.currency.data)
        if self.insurance.data is None:
            self.insurance.data = NO_INSURANCE

    def validate_options(self, field: Field) -> None:
        """This will refuse options that we do not sell."""
        if not set(field.data or ()) <= {option.sku for option in catalogue().options}:
            raise ValidationError("Choose options from those shown")

    def validate_insurance(self, field: Field) -> None:
        """This will refuse an insurance that we do not sell."""
        refuse_unknown_insurance(field)

    def validate_currency(self, field: Field) -> None:
        """This will refuse a currency that we do not sell in."""
        if field.data not in currencies():
            raise ValidationError("Choose a currency from those shown")

    def sold(self) -> Catalogue:
        """This will return the price list in the chosen currency; only for valid answers."""
        return catalogue(currency=self.currency.data)

    def selection(self) -> Selection:
        """This will return what was picked, with our advice where no product was; only for valid answers."""
        needs = self.needs()
        plan = self.insurance.data
        return Selection(
            family=needs.family,
            sku=needs.sku or recommend(needs, self.sold()).product.sku,
            pages=needs.pages,
            source_platform=self.source.data,
            target_platform=self.target.data,
            options=tuple(self.options.data or ()),
            insurance_plan=int(plan) if plan != NO_INSURANCE else None,
            currency=self.currency.data,
        )

    def needs(self) -> Needs:
        """This will return what is known about the site; only for valid answers."""
        return Needs(Family(self.who.data), self.pages.data or 0, (self.product.data or "").strip())


def insurance_choices() -> list[SelectChoice]:
    """This will return the choices of every question about insurance."""
    plans = [SelectChoice(str(plan.plan), insurance_words(plan)) for plan in catalogue().insurance]
    return [SelectChoice(NO_INSURANCE, "No insurance"), *plans]


def refuse_unknown_insurance(field: Field) -> None:
    """This will refuse an insurance that we do not sell.

    :raises ValidationError: when it is not one of the choices
    """
    if field.data not in {choice.value for choice in insurance_choices()}:
        raise ValidationError("Choose an insurance from those shown")


def insurance_words(plan: InsurancePlan) -> str:
    """This will return what an insurance plan gives: `2 restarts in 14 working days`."""
    return f"{counted_text(plan.restarts, 'restart')} in {plan.business_days} working days"
