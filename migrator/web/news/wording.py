"""News in the words that page and feed share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from migrator.announcements.rules import Kind, News
from migrator.calendars.closure_rules import span_text
from migrator.clock.wording import day_text, local_time


@dataclass(frozen=True, slots=True)
class NewsView:
    """One piece of news as its readers see it; `at` is from when it is told, `url` its own page."""

    title: str
    text: str
    at: datetime
    at_text: str
    changed_at: datetime
    url: str


def news_view(news: News, zone: str) -> NewsView:
    """This will put a piece of news into words.

    :param zone: of the desk, by whose clocks days are named
    """
    title, text = _words(news)
    told = day_text(local_time(news.at, zone).date())
    return NewsView(title, text, news.at, told, news.changed_at, url_of(news))


def url_of(news: News) -> str:
    """This will return the address of a piece of news, which stays."""
    match news.kind:
        case Kind.WRITTEN:
            return url_for("news.written", announcement_id=news.id)
        case Kind.CLOSED:
            return url_for("news.closed", closure_id=news.id)
        case Kind.OPEN_AFTER_ALL:
            return url_for("news.open_after_all", closure_id=news.id)


def _words(news: News) -> tuple[str, str]:
    if news.days is None:
        return news.title, news.body
    days = span_text(*news.days)
    if news.kind is Kind.OPEN_AFTER_ALL:
        return f"Open after all: {days}", f"{news.title} was withdrawn. From now on these days count again."
    reason = f"{news.title}. {news.body.rstrip('.')}."
    return f"Closed: {days}", f"{reason}\nNo working time is counted on what is closed. Whose date moves has been told."
