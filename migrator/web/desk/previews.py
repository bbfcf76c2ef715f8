"""Publishing a preview: link pairs and counts, and what the customer has said of the latest (RULES C-034, C-055g)."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template
from sqlalchemy.orm import Session
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from migrator.database.session import reading
from migrator.errors import DomainError
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.previews.queries import latest_preview
from migrator.fulfilment.previews.rules import Draft, LinesWrong, read_counts, read_pairs
from migrator.journeys.publish_preview import publish_preview, still_to_do
from migrator.orders.lifecycle import OrderEvent, allows
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk.workbench import DESK
from migrator.web.fields import optional_text_field, trimmed, visible
from migrator.web.request import now, person
from migrator.web.review.page import preview_view

LINES_LENGTH = 60_000


def _lines_field(label: str, empty: str) -> TextAreaField:
    length = Length(max=LINES_LENGTH, message=f"Use {LINES_LENGTH:,} characters or less")
    return TextAreaField(label, filters=[trimmed], validators=[DataRequired(empty), length, visible])


class PreviewForm(VersionedForm):
    """A preview as it is typed: a pair a line, and a count a line."""

    pairs = _lines_field("Pages to compare, one a line", "Enter at least one pair of addresses")
    counts = _lines_field("What was moved, one kind a line", "Enter at least one count")
    words = optional_text_field("What you say about it")

    def validate_pairs(self, field: Field) -> None:
        """This will refuse lines that are no pairs."""
        _check(read_pairs, field)

    def validate_counts(self, field: Field) -> None:
        """This will refuse lines that are no counts, or do not add up."""
        _check(read_counts, field)

    def draft(self) -> Draft:
        """This will return what was typed; only for a valid form."""
        return Draft(read_pairs(self.pairs.data or ""), read_counts(self.counts.data or ""), self.words.data or "")


@pages.get("/desk/orders/<number>/preview")
@open_to(*DESK)
def preview(number: str) -> str:
    """This will show the latest preview, and the form for the next one where it can be published."""
    return _shown(number, PreviewForm(formdata=None))


@pages.post("/desk/orders/<number>/preview")
@open_to(*DESK)
def publish(number: str) -> Answer:
    """This will publish a preview and tell the customer."""
    form = PreviewForm()

    def deed(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        refuse_stale(form, order.version)
        published = publish_preview(session, order, form.draft(), author=person(), now=now())
        return f"Preview {published.number} is published, and the customer has been told."

    return answered(form, deed, number=number, shown=lambda refusal: _shown(number, form, refusal=refusal))


def _shown(number: str, form: PreviewForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        latest = latest_preview(session, order.id)
        can_publish = allows(order.state, OrderEvent.PUBLISH_PREVIEW)
        missing = still_to_do(session, order) if can_publish else ()
        view = preview_view(latest, order.calendar_row.zone) if latest else None
        if not form.is_submitted():
            form.version.data = str(order.version)
            _begin(form, latest)
    return render_template(
        "desk/preview.html",
        number=number,
        preview=view,
        can_publish=can_publish,
        missing=missing,
        form=form,
        refusal=refusal,
    )


def _begin(form: PreviewForm, latest: Preview | None) -> None:
    """The next preview begins with the pairs and counts of the one before."""
    if latest is None:
        return
    form.pairs.data = "\n".join(f"{one.title} | {one.old_address} | {one.new_address}" for one in latest.pairs)
    form.counts.data = "\n".join(
        f"{one.label} | {one.expected} | {one.moved} | {one.skipped} | {one.reason}".removesuffix(" | ")
        for one in latest.counts
    )


def _check(read: Callable[[str], object], field: Field) -> None:
    try:
        read(field.data or "")
    except LinesWrong as error:
        raise ValidationError(str(error)) from error
