"""The free migration of a new instance: the usual order at price 0, without a payment (RULES M-024)."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired, NumberRange

from migrator.calendars.queries import calendar
from migrator.catalogue.rules import MOST_PAGES
from migrator.clock.wording import local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.hosting.operations import FreeMigrationUsed
from migrator.hosting.queries import free_migration_of, instance_of
from migrator.journeys.move_to_instance import move_to_instance, selection_for
from migrator.orders.models import Order
from migrator.policy.hosting import hosting_policy
from migrator.policy.loading import migration_desk, platforms
from migrator.web.audience import open_to
from migrator.web.hosting import pages
from migrator.web.hosting.views import instance_view
from migrator.web.refusals import status_of
from migrator.web.request import now, organisation_id, person
from migrator.web.shop.answers import NO_PAGES, NO_SOURCE, PLATFORMS, PagesField
from migrator.web.shop.declaration import OrderForm, new_token


class MoveForm(OrderForm):
    """What is moved to the instance, from where, and the own backup."""

    source = SelectField(
        "Which system is your site on now?",
        validators=[InputRequired(NO_SOURCE), AnyOf(PLATFORMS, NO_SOURCE)],
        validate_choice=False,
    )
    pages = PagesField(
        "How many pages does the site have?",
        validators=[
            InputRequired(NO_PAGES),
            NumberRange(1, MOST_PAGES, f"Enter a number of pages from 1 to {MOST_PAGES:,}"),
        ],
    )

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        names = [SelectChoice(platform.key, platform.name) for platform in platforms().platforms]
        self.source.choices = [SelectChoice("", "Choose one"), *names]


@pages.get("/hosting/<int:instance_id>/migration")
@open_to(Role.CUSTOMER)
def move_form(instance_id: int) -> str:
    """This will ask what is to be moved, or say that the free migration is used."""
    return _asking(instance_id, MoveForm(formdata=None, token=new_token()))


@pages.post("/hosting/<int:instance_id>/migration")
@open_to(Role.CUSTOMER)
def move(instance_id: int) -> Response | tuple[str, int]:
    """This will place the order and begin it; of two people who press at once, one has it for free."""
    form = MoveForm()
    if not form.validate_on_submit():
        return _asking(instance_id, form), 422
    if form.refuse_future(_today()):
        return _asking(instance_id, form), 422
    if form.is_old(_today()) and not form.old_backup_known.data:
        return _asking(instance_id, form, warns=True), 409
    try:
        with transaction() as session:
            number = _order(session, form, instance_id).number
    except DomainError as refusal:
        return _asking(instance_id, form, refusal=refusal), status_of(refusal)
    flash("Your free migration is ordered. There is nothing to pay: send us your access details next.")
    return redirect(url_for("orders.tracker", number=number), 303)


def _order(session: Session, form: MoveForm, instance_id: int) -> Order:
    return move_to_instance(
        session,
        instance_of(session, instance_id, organisation_id(), for_update=True),
        selection=selection_for(source_platform=form.source.data or "", pages=form.pages.data or 0),
        declaration=form.declaration(),
        person=person(),
        token=form.token.data or "",
        now=now(),
    )


def _asking(instance_id: int, form: MoveForm, *, refusal: DomainError | None = None, warns: bool = False) -> str:
    with reading() as session:
        found = instance_of(session, instance_id, organisation_id())
        use = free_migration_of(session, found.id)
    return render_template(
        "hosting/move.html",
        form=form,
        instance=instance_view(found),
        used_by=use.order.number if use else "",
        is_used=isinstance(refusal, FreeMigrationUsed) or use is not None,
        refusal=refusal,
        warns=warns,
        most_pages=hosting_policy().free_migration.most_pages,
    )


def _today() -> date:
    with reading() as session:
        return local_time(now(), calendar(session, migration_desk().calendar).zone).date()
