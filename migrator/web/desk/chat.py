"""Whether the chat is open: switched by hand, never inferred, with who did it (RULES C-008)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length, Optional

from migrator.announcements.models import TITLE_LENGTH
from migrator.announcements.operations import switch_chat
from migrator.announcements.queries import switches
from migrator.clock.wording import moment_text
from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk_time import desk_zone
from migrator.web.fields import trimmed, visible
from migrator.web.public.contact import contact_page
from migrator.web.request import actor, now
from migrator.wiring import wiring

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)


class ChatForm(FlaskForm):  # type: ignore[misc]
    """Why the chat is switched."""

    reason = StringField(
        "Reason, which our own people read",
        filters=[trimmed],
        validators=[Optional(), Length(max=TITLE_LENGTH, message=f"Use {TITLE_LENGTH} characters or less"), visible],
    )


@dataclass(frozen=True, slots=True)
class ChatPage:
    """How the chat stands, what customers read, and who switched it."""

    is_on: bool
    is_open: bool
    told: str
    has_address: bool
    rows: tuple[tuple[str, str, str, str], ...]


@pages.get("/desk/chat")
@open_to(*DESK)
def chat() -> str:
    """This will show how the chat stands."""
    return _shown(ChatForm(formdata=None))


@pages.post("/desk/chat")
@open_to(*DESK)
def switch_the_chat() -> Response | tuple[str, int]:
    """This will open or close the chat."""
    form = ChatForm()
    if not form.validate_on_submit():
        return _shown(form), 422
    is_open = request.form.get("chat") == "open"
    with transaction() as session:
        switch_chat(session, is_open=is_open, reason=form.reason.data or "", actor=actor(), now=now())
    flash("The chat is switched on." if is_open else "The chat is switched off. Customers see until when we answer.")
    return redirect(url_for("desk.chat"), 303)


def _shown(form: ChatForm) -> str:
    with reading() as session:
        page = _page(session)
    return render_template("desk/chat.html", page=page, form=form)


def _page(session: Session) -> ChatPage:
    contact = contact_page(session, now=now())
    found = switches(session)
    return ChatPage(
        is_on=bool(found) and found[0][0].is_open,
        is_open=contact.chat_is_open,
        told=contact.chat,
        has_address=bool(wiring().settings.chat_url),
        rows=tuple(
            (
                moment_text(each.switched_at, desk_zone()),
                "On" if each.is_open else "Off",
                by.display_name,
                each.reason or "–",
            )
            for each, by in found
        ),
    )
