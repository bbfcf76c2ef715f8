"""The list of an order's documents, and each of them, set anew whenever it is asked for."""

from __future__ import annotations

from flask import Response, render_template
from sqlalchemy.orm import Session

from migrator.database.session import reading
from migrator.documents.gathering import DocumentName, documents_of, sheet_of
from migrator.documents.setting import pdf
from migrator.errors import NotFound
from migrator.history.actor import Role
from migrator.orders.models import Order
from migrator.orders.queries import order_for_staff, order_of
from migrator.web.audience import open_to
from migrator.web.documents import pages
from migrator.web.request import organisation_id, person

READERS = (Role.CUSTOMER, Role.ACCOUNT_MANAGER, Role.FINANCE, Role.ADMINISTRATOR)


@pages.get("/orders/<number>/documents")
@open_to(*READERS)
def listed(number: str) -> str:
    """This will list the documents of an order and say when the others come."""
    with reading() as session:
        order = _order(session, number)
        documents = documents_of(session, order)
        shown_number = order.number
    return render_template("documents/list.html", number=shown_number, documents=documents)


@pages.get("/orders/<number>/documents/<name>.pdf")
@open_to(*READERS)
def document(number: str, name: str) -> Response:
    """This will answer a document; one that does not exist yet is refused with when it will.

    :raises NotYet: when it does not exist yet
    """
    if name not in set(DocumentName):
        raise NotFound("There is no such document.")
    with reading() as session:
        order = _order(session, number)
        sheet = sheet_of(session, order, DocumentName(name))
    answer = Response(pdf(name, sheet), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{sheet.number}-{name}.pdf"'
    return answer


def _order(session: Session, number: str) -> Order:
    if person().actor.is_staff:
        return order_for_staff(session, number)
    return order_of(session, number, organisation_id())
