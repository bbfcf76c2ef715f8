"""How to reach us: by the channels that are live, and nothing else (RULES C-006 to C-015, M-014 to M-017)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from sqlalchemy.orm import Session

from migrator.announcements.queries import chat_is_on
from migrator.calendars.closure_queries import closures_in_the_news
from migrator.calendars.closure_rules import span_text, today_on
from migrator.calendars.opening import opening, whole_days_opening
from migrator.calendars.queries import calendar
from migrator.clock.calendar import Calendar
from migrator.clock.deadline import Target, Unit, due
from migrator.clock.instants import to_the_minute
from migrator.clock.wording import end_text, place_text, viewer_text
from migrator.database.session import reading
from migrator.policy.channels import Channel, ChannelKind, Counter, Hours, channels
from migrator.policy.loading import migration_desk
from migrator.policy.support import hosting_desk
from migrator.policy.types import Promise
from migrator.web.audience import open_to
from migrator.web.public import pages
from migrator.web.request import now, visitor
from migrator.wiring import wiring

ANY_TIME = "Day and night, every day"
CHAT_IS_CLOSED = "Chat is closed. File a request – answered by {}"


@dataclass(frozen=True, slots=True)
class Link:
    """A way that can be taken at once; without an address its words alone."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel: its name, the ways in, and when somebody is there."""

    name: str
    kind: str
    links: tuple[Link, ...]
    hours: str


@dataclass(frozen=True, slots=True)
class DeskView:
    """One desk with its channels and what it promises about answers."""

    name: str
    channels: tuple[ChannelView, ...]
    response: str
    response_url: str


@dataclass(frozen=True, slots=True)
class ContactPage:
    """What the page shows; `allow_list` are the senders that a mail filter must let through (RULES C-027)."""

    opening: str
    chat: str
    chat_is_open: bool
    desks: tuple[DeskView, ...]
    closures: tuple[str, ...]
    answer_by: str
    allow_list: tuple[str, ...]


@pages.get("/contact")
@open_to()
def contact() -> str:
    """This will show every live channel, and when somebody is there."""
    with reading() as session:
        page = contact_page(session, now=now())
    return render_template("public/contact.html", page=page)


def contact_page(session: Session, *, now: datetime) -> ContactPage:
    """This will gather the channels of both desks and of sales, as they are at this moment."""
    desk = migration_desk()
    days = calendar(session, desk.calendar)
    chat, chat_is_open = _chat(days, is_on=chat_is_on(session), now=now)
    told = closures_in_the_news(session, days.key, today=today_on(days, now))
    return ContactPage(
        opening=_desk_hours(days, now),
        chat=chat,
        chat_is_open=chat_is_open,
        desks=tuple(_desk(counter, days, chat=chat, chat_is_open=chat_is_open, now=now) for counter in Counter),
        closures=tuple(
            f"{span_text(each.first_on, each.last_on)}: {each.name}" for each in told if not each.withdrawn_at
        ),
        answer_by=answer_by_text(days, now=now),
        allow_list=desk.allow_list,
    )


def answer_by_text(days: Calendar, *, now: datetime) -> str:
    """This will return by when a request of this moment is answered: `Wed 2 Dec 2026, 17:00 Kyiv` (RULES C-021)."""
    target = Target(Unit.BUSINESS_HOURS, migration_desk().response_business_hours)
    at = due(days, to_the_minute(now), target)
    theirs = viewer_text(at, days.zone, viewer_zone=viewer_zone() or None)
    return f"{end_text(at, days.zone)} {place_text(days.zone)} {theirs}".strip()


def viewer_zone() -> str:
    """This will return the zone of the signed-in person; empty for everybody else."""
    person = visitor()
    return person.zone if person else ""


def _chat(days: Calendar, *, is_on: bool, now: datetime) -> tuple[str, bool]:
    standing = whole_days_opening(days, now=now)
    if is_on and standing.is_open:
        return f"Chat: {_lower(standing.text(viewer_zone()))}", True
    return CHAT_IS_CLOSED.format(answer_by_text(days, now=now)), False


def _desk(counter: Counter, days: Calendar, *, chat: str, chat_is_open: bool, now: datetime) -> DeskView:
    views = tuple(
        ChannelView(
            name=channel.name,
            kind=channel.kind.value,
            links=_links(channel, chat_is_open=chat_is_open),
            hours=chat if channel.by_hand else _hours(channel, days, now),
        )
        for channel in channels().live(counter)
    )
    name, response, anchor = _words(counter)
    return DeskView(
        name=name,
        channels=tuple(view for view in views if view.links),
        response=response,
        response_url=url_for("policies.policy", desk=counter, _anchor=anchor) if anchor else "",
    )


def _words(counter: Counter) -> tuple[str, str, str]:
    match counter:
        case Counter.MIGRATION:
            return "Your migration", _title(migration_desk().promises, "response"), "response"
        case Counter.HOSTING:
            return "Your hosting", _title(hosting_desk().promises, "hosting-response"), "hosting-response"
        case Counter.SALES:
            return "Before you buy", "We answer as soon as we can", ""


def _title(promises: Iterable[Promise], anchor: str) -> str:
    return next(promise.title for promise in promises if promise.anchor == anchor)


def _links(channel: Channel, *, chat_is_open: bool) -> tuple[Link, ...]:
    settings = wiring().settings
    match (channel.kind, channel.desk):
        case (ChannelKind.EMAIL, Counter.SALES):
            return _mail([settings.sales_email])
        case (ChannelKind.EMAIL, _):
            return _mail(migration_desk().allow_list)
        case (ChannelKind.PHONE, _):
            return (Link(settings.sales_phone, f"tel:{_digits(settings.sales_phone)}"),) if settings.sales_phone else ()
        case (ChannelKind.CHAT, _):
            return (Link("Start a chat" if chat_is_open and settings.chat_url else "", settings.chat_url),)
    return (Link("Write a request", url_for("support.new", desk=channel.desk)),)


def _mail(addresses: tuple[str, ...] | list[str]) -> tuple[Link, ...]:
    return tuple(Link(address, f"mailto:{address}") for address in addresses if address)


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit() or character == "+")


def _hours(channel: Channel, days: Calendar, now: datetime) -> str:
    match channel.hours:
        case Hours.ANY:
            return ANY_TIME
        case Hours.DESK:
            return _desk_hours(days, now)
        case Hours.WHOLE_DAYS:
            return whole_days_opening(days, now=now).text(viewer_zone())


def _desk_hours(days: Calendar, now: datetime) -> str:
    desk = migration_desk()
    return opening(days, opens=desk.opens, closes=desk.closes, now=now).text(viewer_zone())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
