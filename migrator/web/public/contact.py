"""How to reach us: by the channels that are live, and nothing else (RULES C-009)."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr

from flask import render_template

from migrator.calendars.opening import opening
from migrator.calendars.queries import calendar
from migrator.database.session import reading
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.public import pages
from migrator.web.request import now, visitor
from migrator.wiring import wiring


@dataclass(frozen=True, slots=True)
class ContactPage:
    """What the page shows; `allow_list` are the senders that a mail filter must let through (RULES C-027)."""

    address: str
    hours: str
    opening: str
    response: str
    allow_list: tuple[str, ...]


@pages.get("/contact")
@open_to()
def contact() -> str:
    """This will show the desk's address and hours."""
    desk = migration_desk()
    with reading() as session:
        days = calendar(session, desk.calendar)
    return render_template(
        "public/contact.html",
        page=ContactPage(
            address=parseaddr(wiring().settings.mail_from)[1],
            hours=f"{desk.opens} to {desk.closes}",
            opening=opening(days, opens=desk.opens, closes=desk.closes, now=now()).text(viewer_zone()),
            response=next(promise.title for promise in desk.promises if promise.anchor == "response"),
            allow_list=desk.allow_list,
        ),
    )


def viewer_zone() -> str:
    """This will return the zone of the signed-in person; empty for everybody else."""
    person = visitor()
    return person.zone if person else ""
