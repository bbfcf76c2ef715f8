"""Asking for a change, and taking a request back (RULES C-046, C-066, C-067)."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.fulfilment.changes.queries import request_of
from migrator.history.actor import Role
from migrator.journeys.change_result import request_change, withdraw_change
from migrator.orders.models import Order
from migrator.web.audience import open_to
from migrator.web.request import actor, now, person
from migrator.web.results import pages
from migrator.web.results.forms import AcceptForm, ChangeForm
from migrator.web.results.review import done


@pages.post("/orders/<number>/changes")
@open_to(Role.CUSTOMER)
def ask(number: str) -> Response | tuple[str, int]:
    """This will ask for a change."""
    form = ChangeForm()

    def deed(session: Session, order: Order) -> str:
        request = request_change(session, order, body=form.change.data or "", person=person(), now=now())
        return "Sent. It is included." if request.is_included else "Sent. We answer with a price."

    return done(number, form, deed)


@pages.post("/orders/<number>/changes/<int:request_id>/withdraw")
@open_to(Role.CUSTOMER)
def withdraw(number: str, request_id: int) -> Response | tuple[str, int]:
    """This will take a problem or a change back."""

    def deed(session: Session, order: Order) -> str:
        withdraw_change(session, order, request_of(session, order.id, request_id), actor=actor(), now=now())
        return "Taken back."

    return done(number, AcceptForm(), deed)
