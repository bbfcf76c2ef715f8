"""Sending access details back before the count has started, with what is wrong at each item (RULES C-064)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemState
from migrator.access.queries import items_of
from migrator.access.rules import PROBLEM_SENTENCES
from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.journeys.refuse_access import refuse_access
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.fields import optional_text_field
from migrator.web.request import now, person


@dataclass(frozen=True, slots=True)
class Checked:
    """An item that can have a problem, with the sentences to begin with."""

    item_id: int
    label: str
    sentences: tuple[str, ...]

    @property
    def field(self) -> str:
        """The name of the item's field in the form."""
        return f"item_{self.item_id}"


@pages.get("/desk/orders/<number>/problems")
@open_to(*DESK)
def problems(number: str) -> str:
    """This will show each item with a place for what is wrong, begun with the sentences that were chosen."""
    checked, version = _checked(number)
    form = _form_of(checked)(formdata=None, version=version, **{item.field: _begun(item) for item in checked})
    return _shown(number, checked, form)


@pages.post("/desk/orders/<number>/problems")
@open_to(*DESK)
def send_problems(number: str) -> Answer:
    """This will send the details back to the customer."""
    checked, _version = _checked(number)
    form = _form_of(checked)()

    def send(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        wrong = {item.item_id: form[item.field].data for item in checked if form[item.field].data}
        refuse_access(session, order, problems=wrong, author=person(), now=now())
        return "Sent back to the customer with what is wrong."

    return answered(form, send, number=number, shown=lambda refusal: _shown(number, checked, form, refusal=refusal))


def _checked(number: str) -> tuple[Sequence[Checked], int]:
    with reading() as session:
        order = order_for_staff(session, number)
        items = [item for item in items_of(session, order.id) if item.state is not ItemState.NOT_STARTED]
        return [Checked(item.id, item.label, PROBLEM_SENTENCES[item.kind]) for item in items], order.version


def _form_of(checked: Sequence[Checked]) -> type[VersionedForm]:
    return type("ProblemsForm", (VersionedForm,), {item.field: optional_text_field(item.label) for item in checked})


def _shown(number: str, checked: Sequence[Checked], form: VersionedForm, *, refusal: DomainError | None = None) -> str:
    return render_template("desk/problems.html", number=number, checked=checked, form=form, refusal=refusal)


def _begun(item: Checked) -> str:
    chosen = request.args.get(item.field, -1, type=int)
    return item.sentences[chosen] if 0 <= chosen < len(item.sentences) else ""
