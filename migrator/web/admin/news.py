"""News as our people write it: from when it is shown, what it says, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from migrator.announcements.models import TITLE_LENGTH, Announcement
from migrator.announcements.operations import change_news, withdraw_news, write_news
from migrator.announcements.queries import PAGE, announcement, announcements
from migrator.clock.wording import instant_text
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.web.admin import pages
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk.forms import VersionedForm, refuse_stale
from migrator.web.desk_time import desk_zone
from migrator.web.fields import LINE_LENGTH, as_instant, as_shown, line_field, moment_field, text_field
from migrator.web.refusals import status_of
from migrator.web.request import actor, now

DESK = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
assert LINE_LENGTH <= TITLE_LENGTH


class NewsForm(VersionedForm):
    """What everybody reads, and from when."""

    title = line_field("Title", empty="Enter a title, such as “New prices from January”")
    body = text_field("What is new", empty="Write what is new: everybody reads it")
    shown_from = moment_field("Shown from, in Kyiv")

    def shown_from_at(self) -> datetime:
        """This will return the moment that was typed; only for a valid form."""
        return as_instant(self.shown_from.data, desk_zone())


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One piece of news as the list shows it."""

    id: int
    title: str
    shown_from: str
    state: str
    tone: str


@pages.get("/admin/news")
@open_to(*DESK)
def news_list() -> str:
    """This will list the written news, the newest first."""
    asked = read_cursor(request.args.get("before"))
    with reading() as session:
        found = announcements(session, before_id=asked[1] if asked else None)
    shown = found[:PAGE]
    before = cursor_of(None, shown[-1].id) if len(found) > PAGE else ""
    return render_template(
        "admin/news.html",
        rows=[_row(each) for each in shown],
        next_url=url_for("admin.news_list", before=before) if before else "",
        first_url=url_for("admin.news_list") if asked else "",
    )


@pages.get("/admin/news/new")
@open_to(*DESK)
def new_news() -> str:
    """This will show an empty form."""
    return _writing(NewsForm(formdata=None, shown_from=as_shown(now(), desk_zone()).replace(second=0)))


@pages.post("/admin/news/new")
@open_to(*DESK)
def publish_news() -> Response | tuple[str, int]:
    """This will keep a piece of news."""
    form = NewsForm()
    if not form.validate_on_submit():
        return _writing(form), 422
    try:
        with transaction() as session:
            write_news(
                session,
                title=form.title.data or "",
                body=form.body.data or "",
                shown_from_at=form.shown_from_at(),
                actor=actor(),
                now=now(),
            )
    except DomainError as refusal:
        return _writing(form, refusal=refusal), status_of(refusal)
    flash("The news is kept. Everybody reads it from its moment on.")
    return redirect(url_for("admin.news_list"), 303)


@pages.get("/admin/news/<int:announcement_id>")
@open_to(*DESK)
def edit_news(announcement_id: int) -> str:
    """This will show a piece of news in its form."""
    return _shown(announcement_id, None)


@pages.post("/admin/news/<int:announcement_id>")
@open_to(*DESK)
def save_news(announcement_id: int) -> Response | tuple[str, int]:
    """This will change a piece of news."""
    form = NewsForm()

    def save(session: Session, news: Announcement) -> str:
        change_news(
            session,
            news,
            title=form.title.data or "",
            body=form.body.data or "",
            shown_from_at=form.shown_from_at(),
            actor=actor(),
            now=now(),
        )
        return "The news is changed."

    return _do(announcement_id, form, save)


@pages.post("/admin/news/<int:announcement_id>/withdraw")
@open_to(*DESK)
def take_news_away(announcement_id: int) -> Response | tuple[str, int]:
    """This will take a piece of news away."""

    def withdraw(session: Session, news: Announcement) -> str:
        withdraw_news(session, news, actor=actor(), now=now())
        return "The news is withdrawn. Nobody reads it any more."

    return _do(announcement_id, VersionedForm(), withdraw)


def _do(
    announcement_id: int, form: VersionedForm, deed: Callable[[Session, Announcement], str]
) -> Response | tuple[str, int]:
    if not form.validate_on_submit():
        return _shown(announcement_id, form), 422
    try:
        with transaction() as session:
            news = announcement(session, announcement_id, for_update=True)
            refuse_stale(form, news.version)
            sentence = deed(session, news)
    except DomainError as refusal:
        return _shown(announcement_id, form, refusal=refusal), status_of(refusal)
    flash(sentence)
    return redirect(url_for("admin.news_list"), 303)


def _shown(announcement_id: int, form: VersionedForm | None, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        news = announcement(session, announcement_id)
    kept = as_shown(news.shown_from_at, desk_zone())
    shown = (
        form
        if isinstance(form, NewsForm)
        else NewsForm(formdata=None, title=news.title, body=news.body, shown_from=kept)
    )
    shown.version.data = str(news.version)
    return _writing(shown, news=news, refusal=refusal)


def _writing(form: NewsForm, *, news: Announcement | None = None, refusal: DomainError | None = None) -> str:
    row = _row(news) if news else None
    return render_template(
        "admin/news_form.html",
        form=form,
        refusal=refusal,
        row=row,
        is_withdrawn=news is not None and news.withdrawn_at is not None,
    )


def _row(news: Announcement) -> NewsRow:
    state, tone = _state(news)
    return NewsRow(news.id, news.title, instant_text(news.shown_from_at, desk_zone()), state, tone)


def _state(news: Announcement) -> tuple[str, str]:
    if news.withdrawn_at is not None:
        return "Withdrawn", "neutral"
    return ("Shown", "done") if news.shown_from_at <= now() else ("Not shown yet", "info")
