"""Requests for a price, the one promised first at the top, and our answer to each (RULES C-053, C-059)."""

from __future__ import annotations

from datetime import UTC, date, time
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import Field, Form, HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from migrator.calendars.queries import calendar
from migrator.clock.calendar import Calendar
from migrator.clock.instants import read_instant
from migrator.clock.wording import end_text, ended_on, local_time
from migrator.database.session import CHANGED_MEANWHILE, reading, transaction
from migrator.errors import DomainError, StaleEdit
from migrator.history.actor import Role
from migrator.journeys.answer_quote import answer_quote
from migrator.money import MalformedAmount, parse_money
from migrator.orders.quote_queries import quote_for_staff, quotes_answered, quotes_to_answer
from migrator.orders.rules import Offer, earliest_agreed_at, end_of_day, usual_expiry
from migrator.policy.loading import USUAL_CURRENCY, migration_desk
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.fields import trimmed
from migrator.web.orders.quote_forms import words_field
from migrator.web.orders.quote_page import quote_page, quote_row
from migrator.web.public.forms import PlainDateField, PlainTimeField
from migrator.web.request import now, person
from migrator.web.shop.answers import NO_PAGES, PagesField

PAGE_LENGTH = 50
NO_PRICE = "Enter the price, such as 2,490.00"
NO_DATE = "Enter a date, such as 24 Dec 2026"
FAR_DATE = "Enter a date in this century"
NO_TIME = "Enter a time from 00:00 to 23:59"


def _in_this_century(_form: Form, field: Field) -> None:
    if field.data and field.data.year // 100 != 20:
        raise ValidationError(FAR_DATE)


class OfferForm(FlaskForm):  # type: ignore[misc]
    """Our answer. Dates and times are those of the desk; `currency` is that of the request."""

    price = StringField("Price, without insurance", filters=[trimmed], validators=[InputRequired(NO_PRICE)])
    page_ceiling = PagesField("Covers up to this many pages", validators=[InputRequired(NO_PAGES)])
    agreed_on = PlainDateField("Agreed date", validators=[InputRequired(NO_DATE), _in_this_century])
    agreed_time = PlainTimeField("Agreed time, in Kyiv", validators=[InputRequired(NO_TIME)])
    last_on = PlainDateField("Last day of the offer", validators=[InputRequired(NO_DATE), _in_this_century])
    words = words_field("What the customer should know")
    currency = USUAL_CURRENCY
    version = HiddenField()

    def validate_price(self, field: Field) -> None:
        """This will refuse what is no amount of money."""
        try:
            parse_money(field.data or "", self.currency)
        except MalformedAmount as error:
            raise ValidationError(str(error).rstrip(".")) from error

    def offer(self, days: Calendar) -> Offer:
        """This will return the offer; only for a valid form."""
        agreed_at = read_instant(f"{self.agreed_on.data}T{self.agreed_time.data}", days.zone_info)
        return Offer(
            price=parse_money(self.price.data or "", self.currency),
            page_ceiling=self.page_ceiling.data or 0,
            agreed_at=agreed_at.astimezone(UTC),
            expires_at=end_of_day(days, cast(date, self.last_on.data)),
            words=self.words.data or "",
        )


@pages.get("/desk/quotes")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def quotes() -> str:
    """This will list the requests that wait for a price, or those that were answered."""
    after, answered = request.args.get("after", ""), request.args.get("show") == "answered"
    asked = quotes_answered if answered else quotes_to_answer
    show = "answered" if answered else None
    with reading() as session:
        found = asked(session, after=after, limit=PAGE_LENGTH)
        zone = calendar(session, migration_desk().calendar).zone
    shown = found[:PAGE_LENGTH]
    return render_template(
        "quotes/desk_list.html",
        quotes=[quote_row(quote, zone=zone, now=now(), customer=quote.organisation.name) for quote in shown],
        answered=answered,
        next_url=url_for("desk.quotes", show=show, after=shown[-1].number) if len(found) > PAGE_LENGTH else "",
        first_url=url_for("desk.quotes", show=show) if after else "",
    )


@pages.get("/desk/quotes/<number>")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def quote(number: str) -> tuple[str, int]:
    """This will show a request with the form for our answer."""
    return _shown(number, None), 200


@pages.post("/desk/quotes/<number>")
@open_to(Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
def answer(number: str) -> tuple[str, int] | Response:
    """This will make the offer and tell the customer."""
    form = OfferForm()
    with reading() as session:
        form.currency = quote_for_staff(session, number).currency
    if not form.validate_on_submit():
        return _shown(number, form), 422
    try:
        with transaction() as session:
            asked = quote_for_staff(session, number, for_update=True)
            if form.version.data != str(asked.version):
                raise StaleEdit(CHANGED_MEANWHILE)
            days = calendar(session, migration_desk().calendar)
            answer_quote(session, asked, offer=form.offer(days), person=person(), now=now())
    except DomainError as refusal:
        return _shown(number, form, refusal=str(refusal)), 409
    flash("The offer is made, and the customer is told.")
    return redirect(url_for("desk.quote", number=number), 303)


def _shown(number: str, form: OfferForm | None, *, refusal: str = "") -> str:
    desk = migration_desk()
    with reading() as session:
        days = calendar(session, desk.calendar)
        page = quote_page(quote_for_staff(session, number), days=days, now=now())
    earliest = earliest_agreed_at(days, desk=desk, now=now())
    if form is None:
        last_on = ended_on(local_time(usual_expiry(days, desk=desk, now=now()), days.zone))
        form = OfferForm(last_on=last_on, agreed_time=time.fromisoformat(desk.closes), version=page.version)
    return render_template(
        "quotes/desk_quote.html", page=page, form=form, refusal=refusal, earliest=end_text(earliest, days.zone)
    )
