"""Which help articles are suggested for a subject, the most fitting first (RULES C-024). Pure."""

from __future__ import annotations

import re

from migrator.orders.search_rules import folded
from migrator.policy.help import Article

MOST_SUGGESTED = 3
SHORTEST_WORD = 3
WORDS = re.compile(r"[^\W_]+")
# Words that stand in every question say nothing about it.
COMMON = frozenset(
    {
        "and", "the", "for", "not", "with", "this", "that", "what", "why", "how", "can", "you", "your", "our", "are",
        "has", "have", "does", "after", "about", "from", "migration", "site", "website", "page", "problem", "help",
    }
)  # fmt: skip
TITLE_WEIGHT = 2


def suggested_articles(subject: str, articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """This will return up to three articles that share words with the subject; none for a subject without words."""
    wanted = _words(subject)
    scored = [(_score(wanted, article), -place, article) for place, article in enumerate(articles)]
    fitting = sorted((entry for entry in scored if entry[0]), reverse=True, key=lambda entry: entry[:2])
    return tuple(article for _, _, article in fitting[:MOST_SUGGESTED])


def _score(wanted: frozenset[str], article: Article) -> int:
    title, further = _words(article.title), _words(" ".join(article.words))
    return sum(TITLE_WEIGHT if word in title else 1 for word in wanted if word in title | further)


def _words(text: str) -> frozenset[str]:
    found = (_stem(word) for word in WORDS.findall(folded(text)) if word not in COMMON)
    return frozenset(word for word in found if len(word) >= SHORTEST_WORD)


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
