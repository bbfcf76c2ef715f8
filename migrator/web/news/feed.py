"""The news for feed readers (Atom, RFC 4287)."""

from __future__ import annotations

from datetime import UTC, datetime, time
from xml.etree import ElementTree as Xml

from flask import Response, request, url_for

from migrator.announcements.queries import PAGE, news_page
from migrator.database.session import reading
from migrator.policy.loading import migration_desk
from migrator.web.audience import open_to
from migrator.web.desk_time import desk_zone
from migrator.web.news import pages
from migrator.web.news.wording import NewsView, news_view
from migrator.web.request import now
from migrator.wiring import wiring

ATOM = "http://www.w3.org/2005/Atom"
FEED_SECONDS = 900


@pages.get("/news.atom")
@open_to()
def atom() -> Response:
    """This will answer the newest news."""
    with reading() as session:
        found = news_page(session, now=now())[:PAGE]
    answer = Response(_feed([news_view(each, desk_zone()) for each in found]), mimetype="application/atom+xml")
    answer.headers["Cache-Control"] = f"public, max-age={FEED_SECONDS}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _feed(news: list[NewsView]) -> bytes:
    feed = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    home = _absolute(url_for("news.news"))
    _add(feed, "id", home)
    _add(feed, "title", "Migrator news")
    _add(feed, "updated", max((each.changed_at for each in news), default=_beginning()).isoformat())
    _add(Xml.SubElement(feed, "author"), "name", "Migrator")
    Xml.SubElement(feed, "link", {"rel": "self", "href": _absolute(url_for("news.atom"))})
    Xml.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": home})
    for each in news:
        _entry(feed, each)
    written: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: Xml.Element, each: NewsView) -> None:
    entry = Xml.SubElement(feed, "entry")
    _add(entry, "id", _absolute(each.url))
    _add(entry, "title", each.title)
    _add(entry, "published", each.at.isoformat())
    _add(entry, "updated", each.changed_at.isoformat())
    Xml.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": _absolute(each.url)})
    _add(entry, "content", each.text)


def _add(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text


def _absolute(path: str) -> str:
    return wiring().settings.base_url + path


def _beginning() -> datetime:
    # Before the first news, the feed is as old as what we promise.
    return datetime.combine(migration_desk().effective_on, time(), UTC)
