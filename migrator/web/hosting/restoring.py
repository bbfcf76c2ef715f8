"""Asking to bring something back: what, from which day, with the own backup behind it (RULES M-006 to M-013)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf, InputRequired

from migrator.clock.wording import day_text, end_text, local_time, place_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.hosting.models import HostingInstance, Restore
from migrator.hosting.operations import withdraw_restore
from migrator.hosting.queries import instance_of, restore_of
from migrator.hosting.restore_rules import (
    DATABASE_PART,
    KIND_WORDS,
    PartOfDatabase,
    RestoreKind,
    RestoreState,
    Wish,
    gone_at,
    is_old,
    restorable_days,
)
from migrator.journeys.ask_hosting import ask_for_restore
from migrator.policy.hosting import hosting_policy
from migrator.web.audience import open_to
from migrator.web.fields import optional_text_field
from migrator.web.hosting import pages
from migrator.web.hosting.acknowledging import HostingForm, asks_to_read
from migrator.web.hosting.views import RestoreView, instance_view, restore_view
from migrator.web.public.forms import PlainDateField
from migrator.web.refusals import status_of
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.shop.declaration import new_token

KINDS = {
    RestoreKind.FILES_PART.value: KIND_WORDS[RestoreKind.FILES_PART],
    RestoreKind.FILES_WHOLE.value: KIND_WORDS[RestoreKind.FILES_WHOLE],
    RestoreKind.DATABASE_WHOLE.value: KIND_WORDS[RestoreKind.DATABASE_WHOLE],
    DATABASE_PART: "A part of the database",
    RestoreKind.DATABASE_COPY.value: KIND_WORDS[RestoreKind.DATABASE_COPY],
}
HINTS = {
    RestoreKind.FILES_WHOLE.value: "What was changed since that day is overwritten.",
    RestoreKind.DATABASE_WHOLE.value: "Orders and customers since that day are lost.",
    RestoreKind.DATABASE_COPY.value: "Nothing is overwritten: you take from the copy what you need.",
}
NO_KIND = "Choose what we are to bring back"
NO_DAY = "Choose the day of the copy"
NO_BACKUP = "Make your own backup first, then tick this"
NO_BACKUP_DAY = "Enter the day on which your own backup was made, such as 24 Nov 2026"
KNOWN = "I know that my backup is more than 7 days old, and want to go on"


class RestoreForm(HostingForm):
    """What is to be brought back. Whether it can be is judged by the rules."""

    kind = RadioField(
        "What do you want back?",
        choices=[SelectChoice(value, words) for value, words in KINDS.items()],
        validators=[AnyOf(list(KINDS), NO_KIND)],
        validate_choice=False,
    )
    paths = optional_text_field("Which files and folders?")
    wanted_on = RadioField("From which day?", validators=[InputRequired(NO_DAY)], validate_choice=False)
    has_backup = BooleanField(
        "I have my own backup of what is there now",
        validators=[InputRequired("Make your own backup first, then tick this")],
    )
    own_backup_on = PlainDateField("When was it made?", validators=[InputRequired(NO_BACKUP_DAY)])
    old_backup_known = BooleanField(KNOWN)

    def wish(self) -> Wish:
        """This will return what was asked; only for a valid form."""
        return Wish(self.kind.data, _day(self.wanted_on.data), self.paths.data or "", self.own_backup_on.data)


@dataclass(frozen=True, slots=True)
class RestorePage:
    """One restore as the customer follows it."""

    restore: RestoreView
    instance_id: int
    paths: str
    own_backup: str
    outcome: str
    copy_address: str
    copy_until: str
    is_copy_over: bool
    can_be_withdrawn: bool
    version: int


@pages.get("/hosting/<int:instance_id>/restore")
@open_to(Role.CUSTOMER)
def restore_form(instance_id: int) -> str:
    """This will ask what is to be brought back."""
    return _asking(instance_id, RestoreForm(formdata=None, token=new_token()))


@pages.post("/hosting/<int:instance_id>/restore")
@open_to(Role.CUSTOMER)
def ask_back(instance_id: int) -> Response | tuple[str, int]:
    """This will ask for it once; a part of a database leads to the copy that is possible instead."""
    form = RestoreForm()
    if form.kind.data == DATABASE_PART:
        return _asking(instance_id, form, copy_instead=True), 409
    if not form.validate_on_submit():
        return _asking(instance_id, form), 422
    if _warns(form, _today(instance_id)):
        return _asking(instance_id, form, warns=True), 409
    try:
        with transaction() as session:
            restore_id = _ask(session, form, instance_id).id
    except PartOfDatabase:
        return _asking(instance_id, form, copy_instead=True), 409
    except DomainError as refusal:
        return _asking(instance_id, form, refusal=refusal), status_of(refusal)
    flash("We have your wish and will try. You get an e-mail when we are done.")
    return redirect(url_for("hosting.restore", restore_id=restore_id), 303)


@pages.get("/hosting/restores/<int:restore_id>")
@open_to(Role.CUSTOMER)
def restore(restore_id: int) -> str:
    """This will show one restore, with its outcome and the link of a copy."""
    with reading() as session:
        found = restore_of(session, restore_id, organisation_id())
    return render_template("hosting/restore.html", page=_page(found), refusal=None)


@pages.post("/hosting/restores/<int:restore_id>/withdraw")
@open_to(Role.CUSTOMER)
def withdraw_wish(restore_id: int) -> Response | tuple[str, int]:
    """This will take the wish back while nobody works on it."""
    try:
        with transaction() as session:
            found = restore_of(session, restore_id, organisation_id(), for_update=True)
            withdraw_restore(session, found, actor=actor(), now=now())
    except DomainError as refusal:
        with reading() as session:
            found = restore_of(session, restore_id, organisation_id())
        return render_template("hosting/restore.html", page=_page(found), refusal=refusal), status_of(refusal)
    flash("Your wish is withdrawn. Nothing was changed.")
    return redirect(url_for("hosting.restore", restore_id=restore_id), 303)


def _ask(session: Session, form: RestoreForm, instance_id: int) -> Restore:
    return ask_for_restore(
        session,
        instance_of(session, instance_id, organisation_id(), for_update=True),
        form.wish(),
        person=person(),
        acknowledged=bool(form.acknowledged.data),
        token=(form.token.data or "")[:64],
        now=now(),
    )


def _asking(
    instance_id: int,
    form: RestoreForm,
    *,
    refusal: DomainError | None = None,
    copy_instead: bool = False,
    warns: bool = False,
) -> str:
    with reading() as session:
        found = instance_of(session, instance_id, organisation_id())
        must_read = asks_to_read(session)
    days, hints = _days(found)
    form.wanted_on.choices = days
    if copy_instead:
        form.kind.data = RestoreKind.DATABASE_COPY.value
    return render_template(
        "hosting/restore_form.html",
        form=form,
        instance=instance_view(found),
        day_hints=hints,
        kind_hints=HINTS,
        refusal=refusal,
        copy_instead=copy_instead,
        warns=warns,
        must_read=must_read,
        today=local_time(now(), found.host_zone).date(),
    )


def _days(instance: HostingInstance) -> tuple[Sequence[SelectChoice], dict[str, str]]:
    kept, zone = hosting_policy(instance.policy_version).backup_days, instance.host_zone
    days = restorable_days(now(), zone, days=kept)
    hints = {
        day.isoformat(): f"This copy disappears at {end_text(gone_at(day, zone, days=kept), zone)} {place_text(zone)}."
        for day in days
    }
    return [SelectChoice(day.isoformat(), day_text(day)) for day in days], hints


def _page(found: Restore) -> RestorePage:
    zone = found.instance.host_zone
    return RestorePage(
        restore=restore_view(found, found.instance),
        instance_id=found.instance_id,
        paths=found.paths,
        own_backup=day_text(found.own_backup_on),
        outcome=found.outcome,
        copy_address=found.copy_address,
        copy_until=f"{end_text(found.copy_until_at, zone)} {place_text(zone)}" if found.copy_until_at else "",
        is_copy_over=found.copy_until_at is not None and found.copy_until_at <= now(),
        can_be_withdrawn=found.state is RestoreState.ASKED,
        version=found.version,
    )


def _today(instance_id: int) -> tuple[date, int]:
    with reading() as session:
        found = instance_of(session, instance_id, organisation_id())
    policy = hosting_policy(found.policy_version)
    return local_time(now(), found.host_zone).date(), policy.own_backup_warning_days


def _warns(form: RestoreForm, today: tuple[date, int]) -> bool:
    made_on: date | None = form.own_backup_on.data
    return made_on is not None and not form.old_backup_known.data and is_old(made_on, today=today[0], days=today[1])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
