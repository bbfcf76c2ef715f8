"""The lists of checks: what each item was found to be, which the customer reads (RULES C-055c, C-055h)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template
from sqlalchemy.orm import Session
from wtforms import RadioField, SelectChoice, StringField  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional, ValidationError

from migrator.database.session import reading
from migrator.errors import DomainError, NotFound, StaleEdit
from migrator.fulfilment.checks.models import Check, CheckList, Outcome
from migrator.fulfilment.checks.operations import record_checks
from migrator.fulfilment.checks.queries import checks_of
from migrator.fulfilment.checks.rules import ITEMS, NOTE_LENGTH, OPEN_IN, OUTCOME_WORDS, TITLES, Finding
from migrator.fulfilment.operations import hold
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import CHANGED, VersionedForm
from migrator.web.desk.workbench import DESK
from migrator.web.fields import trimmed, visible
from migrator.web.request import now, person

UNKNOWN = ""
CHOICES = [
    SelectChoice(UNKNOWN, "Not checked yet"),
    *(SelectChoice(outcome.value, words) for outcome, words in OUTCOME_WORDS.items()),
]
LENGTH = Length(max=NOTE_LENGTH, message=f"Use {NOTE_LENGTH:,} characters or less")


class ChecksForm(VersionedForm):
    """Outcome and note of each item of a list; `version` is what the page showed of them."""

    def findings(self) -> dict[str, Finding]:
        """This will return what was recorded; only for a valid form."""
        keys = [name.removeprefix("outcome_") for name in self._fields if name.startswith("outcome_")]
        given = {key: (self[f"outcome_{key}"].data, self[f"note_{key}"].data or "") for key in keys}
        return {key: Finding(Outcome(outcome), note) for key, (outcome, note) in given.items() if outcome}


class OutcomeField(RadioField):
    """What an item was found to be; a failure needs its note."""

    def post_validate(self, form: object, validation_stopped: bool) -> None:
        """This will refuse a failure without words.

        :raises ValidationError: when that is so
        """
        note = form[self.short_name.replace("outcome_", "note_", 1)]  # type: ignore[index]
        if self.data == Outcome.FAILED and not trimmed(note.data):
            raise ValidationError(f"Say what is wrong: {self.label.text}")


@pages.get("/desk/orders/<number>/checks/<which>")
@open_to(*DESK)
def checks(number: str, which: str) -> str:
    """This will show a list with what was found."""
    return _shown(number, _list_named(which), None)


@pages.post("/desk/orders/<number>/checks/<which>")
@open_to(*DESK)
def keep_checks(number: str, which: str) -> Answer:
    """This will keep what was found."""
    wanted = _list_named(which)
    form = _form_of(wanted)()

    def keep(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        hold(session, order)
        is_stale = form.version.data != _seen(checks_of(session, order.id, wanted))
        changed = record_checks(session, order, wanted, findings=form.findings(), person=person(), now=now())
        if changed and is_stale:
            raise StaleEdit(CHANGED)
        return "The checks have been recorded. The customer can read them."

    return answered(form, keep, number=number, shown=lambda refusal: _shown(number, wanted, form, refusal=refusal))


def _form_of(which: CheckList) -> type[ChecksForm]:
    fields: dict[str, object] = {}
    for item in ITEMS[which]:
        fields[f"outcome_{item.key}"] = OutcomeField(item.label, choices=CHOICES, validators=[Optional()])
        note = f"Note on “{item.label}”, which the customer reads"
        fields[f"note_{item.key}"] = StringField(note, filters=[trimmed], validators=[Optional(), LENGTH, visible])
    return type("ListForm", (ChecksForm,), fields)


def _shown(number: str, which: CheckList, form: ChecksForm | None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        found = checks_of(session, order.id, which)
        is_open = order.state in OPEN_IN[which]
    if form is None:
        outcomes = {f"outcome_{item.key}": _outcome(found, item.key) for item in ITEMS[which]}
        notes = {f"note_{key}": check.note for key, check in found.items()}
        form = _form_of(which)(formdata=None, version=_seen(found), **outcomes, **notes)
    return render_template(
        "desk/checks.html",
        number=number,
        which=which,
        title=TITLES[which],
        items=ITEMS[which],
        found=found,
        is_open=is_open,
        form=form,
        refusal=refusal,
    )


def _outcome(found: Mapping[str, Check], key: str) -> str:
    return found[key].outcome.value if key in found else UNKNOWN


def _seen(found: Mapping[str, Check]) -> str:
    return ",".join(f"{key}:{check.checked_at.isoformat()}" for key, check in sorted(found.items()))


def _list_named(which: str) -> CheckList:
    try:
        return CheckList(which)
    except ValueError as error:
        raise NotFound("There is no such list.") from error
