"""The help articles that are suggested before a request is sent, as policy data (RULES C-024)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from migrator.policy.loading import CURRENT, read


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its title, its paragraphs, and further words to find it by."""

    key: str
    title: str
    words: tuple[str, ...]
    text: tuple[str, ...]


@cache
def help_articles(version: str = CURRENT) -> tuple[Article, ...]:
    """This will return all articles of a version."""
    return tuple(
        Article(entry["key"], entry["title"], tuple(entry["words"]), tuple(entry["text"]))
        for entry in read(f"help-{version}.toml")["article"]
    )
