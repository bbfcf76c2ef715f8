"""The files of a request, served so that no browser runs what is in them."""

from __future__ import annotations

from io import BytesIO

from flask import Response, send_file

from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.support.models import TicketAttachment
from migrator.support.queries import attachment_of, ticket_of
from migrator.web.attachments import store
from migrator.web.audience import open_to
from migrator.web.request import organisation_id
from migrator.web.support import pages

SANDBOX = "sandbox; default-src 'none'"


@pages.get("/support/<number>/files/<int:attachment_id>")
@open_to(Role.CUSTOMER)
def file(number: str, attachment_id: int) -> Response:
    """This will hand out a file of one of the customer's own requests."""
    with reading() as session:
        ticket = ticket_of(session, number, organisation_id())
        kept = attachment_of(session, ticket.id, attachment_id)
    return handed_out(kept)


def handed_out(kept: TicketAttachment) -> Response:
    """This will answer a file to be saved, never shown: as an attachment, of its own type, in a sandbox."""
    answer = send_file(
        BytesIO(store().read(kept.key)),
        mimetype=kept.media_type,
        as_attachment=True,
        download_name=kept.file_name,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
