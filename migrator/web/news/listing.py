"""The news, and each piece on a page of its own."""

from __future__ import annotations

from flask import render_template, request, url_for

from migrator.announcements.queries import PAGE, news_page, shown_announcement
from migrator.announcements.rules import Kind, News, news_of_announcement, news_of_closure
from migrator.calendars.closure_queries import told_closure
from migrator.database.session import reading
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.desk_time import desk_zone
from migrator.web.news import pages
from migrator.web.news.wording import news_view
from migrator.web.request import now


@pages.get("/news")
@open_to()
def news() -> str:
    """This will list the news, the newest first."""
    asked = read_cursor(request.args.get("after"))
    after = (asked[0], asked[1]) if asked and asked[0] else None
    with reading() as session:
        found = news_page(session, now=now(), after=after)
    shown = found[:PAGE]
    following = cursor_of(*shown[-1].place) if len(found) > PAGE else ""
    return render_template(
        "news/list.html",
        news=[news_view(each, desk_zone()) for each in shown],
        next_url=url_for("news.news", after=following) if following else "",
        first_url=url_for("news.news") if after else "",
    )


@pages.get("/news/<int:announcement_id>")
@open_to()
def written(announcement_id: int) -> str:
    """This will show a piece of written news."""
    with reading() as session:
        found = news_of_announcement(shown_announcement(session, announcement_id, now=now()))
    return _shown(found)


@pages.get("/news/closures/<int:closure_id>")
@open_to()
def closed(closure_id: int) -> str:
    """This will show that a closure was announced."""
    with reading() as session:
        found = news_of_closure(told_closure(session, closure_id), Kind.CLOSED)
    return _shown(found)


@pages.get("/news/closures/<int:closure_id>/withdrawn")
@open_to()
def open_after_all(closure_id: int) -> str:
    """This will show that a closure was withdrawn."""
    with reading() as session:
        found = news_of_closure(told_closure(session, closure_id, is_withdrawn=True), Kind.OPEN_AFTER_ALL)
    return _shown(found)


def _shown(found: News) -> str:
    return render_template("news/one.html", each=news_view(found, desk_zone()), is_closure=found.days is not None)
