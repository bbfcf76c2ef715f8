"""The non-profit discount of the organisation: apply, wait with a date, renew (RULES C-085 to C-087)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from migrator.calendars.queries import calendar
from migrator.clock.calendar import Calendar
from migrator.clock.wording import day_text, end_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.apply_for_discount import apply_for_discount
from migrator.nonprofit.models import ApplicationState
from migrator.nonprofit.operations import Particulars, withdraw
from migrator.nonprofit.queries import pending_of, standing_with
from migrator.nonprofit.rules import Standing, renewal_opens_at
from migrator.policy.loading import catalogue, migration_desk
from migrator.web.account import pages
from migrator.web.audience import open_to
from migrator.web.fields import text_field, trimmed, visible
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.shop.wording import rate_text

SHORT = 80
TOO_LONG = Length(max=SHORT, message=f"Use {SHORT} characters or less")


class ApplicationForm(FlaskForm):  # type: ignore[misc]
    """What an organisation says of itself."""

    country = StringField(
        "Country of registration",
        filters=[trimmed],
        validators=[DataRequired("Enter the country in which you are registered"), TOO_LONG, visible],
    )
    registration_number = StringField(
        "Registration number",
        filters=[trimmed],
        validators=[DataRequired("Enter your number in the public register"), TOO_LONG, visible],
    )
    purpose = text_field("What the organisation does", empty="Say in a few words what the organisation does")

    def particulars(self) -> Particulars:
        """This will return what was said; only for a valid form."""
        return Particulars(self.country.data or "", self.registration_number.data or "", self.purpose.data or "")


@dataclass(frozen=True, slots=True)
class NonprofitPage:
    """How the organisation stands.

    :ivar approved_until: the last day of the discount that holds; empty without one
    :ivar renewal_from: from when the next year can be applied for; empty when it can be now
    :ivar asked: what the application that waits says; empty without one
    :ivar declined: the reason of the last application, when it was declined; empty otherwise
    """

    percent: str
    answer_days: int
    approved_until: str
    renewal_from: str
    applied_on: str
    answer_by: str
    asked: tuple[tuple[str, str, None], ...]
    declined: str

    @property
    def can_apply(self) -> bool:
        """Whether the form is open."""
        return not self.asked and not self.renewal_from


@pages.get("/account/nonprofit")
@open_to(Role.CUSTOMER)
def nonprofit() -> str:
    """This will show how the organisation stands, and the form where one can apply."""
    return _shown(ApplicationForm(formdata=None))


@pages.post("/account/nonprofit")
@open_to(Role.CUSTOMER)
def apply() -> Response | tuple[str, int]:
    """This will send the application, once however often the button is pressed."""
    form = ApplicationForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    try:
        with transaction() as session:
            apply_for_discount(session, particulars=form.particulars(), person=person(), now=now())
    except DomainError as refusal:
        return _shown(form, refusal=refusal), status_of(refusal)
    flash("We have your application, and have sent you an e-mail with its date.")
    return redirect(url_for("account.nonprofit"), 303)


@pages.post("/account/nonprofit/withdraw")
@open_to(Role.CUSTOMER)
def withdraw_application() -> Response:
    """This will take back the application that waits."""
    with transaction() as session:
        withdraw(session, pending_of(session, organisation_id(), for_update=True), actor=actor(), now=now())
    flash("Your application is withdrawn.")
    return redirect(url_for("account.nonprofit"), 303)


def _shown(form: ApplicationForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        page = _page(session)
    return render_template("account/nonprofit.html", page=page, form=form, refusal=refusal)


def _page(session: Session) -> NonprofitPage:
    days = calendar(session, migration_desk().calendar)
    standing = standing_with(session, organisation_id(), now=now())
    waiting, latest, until = standing.pending, standing.latest, standing.valid_until_at
    is_declined = latest is not None and latest.state is ApplicationState.DECLINED
    return NonprofitPage(
        percent=rate_text(catalogue().nonprofit_discount_bp),
        answer_days=migration_desk().nonprofit_answer_calendar_days,
        approved_until=end_text(until, days.zone) if until else "",
        renewal_from=_renewal_from(standing, days),
        applied_on=day_text(local_time(waiting.applied_at, days.zone).date()) if waiting else "",
        answer_by=end_text(waiting.answer_by_at, days.zone) if waiting else "",
        asked=_asked(standing),
        declined=latest.reason if latest and is_declined else "",
    )


def _asked(standing: Standing) -> tuple[tuple[str, str, None], ...]:
    if standing.pending is None:
        return ()
    return (
        ("Country of registration", standing.pending.country, None),
        ("Registration number", standing.pending.registration_number, None),
        ("What the organisation does", standing.pending.purpose, None),
    )


def _renewal_from(standing: Standing, days: Calendar) -> str:
    if standing.valid_until_at is None:
        return ""
    opens_at = renewal_opens_at(standing.valid_until_at, calendar=days, desk=migration_desk())
    return day_text(local_time(opens_at, days.zone).date()) if now() < opens_at else ""
