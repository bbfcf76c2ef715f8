"""Which words an order is found by, and how what somebody types is compared with them. Pure.

Case, accents and the width of letters make no difference in any script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from migrator.errors import DomainError

WORD_LENGTH = 40
STEM_LENGTH = 2
MOST_WORDS = 6
LAST_CHARACTER = "\U0010ffff"
PARTS = re.compile(r"[^\W_]+")
# Chinese and Japanese put no spaces between words, so that a word may begin at each of their characters.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class NothingToLookFor(DomainError):
    """The search holds no letter and no digit."""


class TooManyWords(DomainError):
    """The search holds more words than are looked for at once."""


def folded(text: str) -> str:
    """This will return the text as it is compared: without case, accents and other ways to write the same letters."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare.casefold())


def words_of(number: str, *, customer: str, person: str, email: str, addresses: tuple[str, ...]) -> frozenset[str]:
    """This will return all words that an order is found by: a search is the beginning of one of them.

    :param addresses: of the old and the new site, as they were typed
    """
    hosts = (_host(address) for address in addresses)
    named = (word for text in (number, customer, person) for piece in text.split() for word in _beginnings(piece))
    # Nobody looks for “com”: the last part of a host stands only at the end of longer words.
    hosted = (word for text in (email, *hosts) for word in _beginnings(text) if "." in word)
    return frozenset(word[:WORD_LENGTH] for word in (*named, *hosted) if len(word) >= STEM_LENGTH)


def stem_of(word: str) -> str:
    """This will return the first characters of a word, under which its orders are kept in their own order."""
    return word[:STEM_LENGTH]


def searched_words(typed: str) -> tuple[str, ...]:
    """This will return the beginnings of words that were typed; an order must have a word for each.

    :raises NothingToLookFor: without a letter or a digit
    :raises TooManyWords: for more words than are looked for at once
    """
    pieces = (_trimmed(folded(piece)) for piece in typed.split())
    wanted = tuple(dict.fromkeys(piece[:WORD_LENGTH] for piece in pieces if piece))
    if not wanted:
        raise NothingToLookFor("Type letters or digits: an order number, a name, an e-mail address or a site.")
    if len(wanted) > MOST_WORDS:
        raise TooManyWords(f"Type at most {MOST_WORDS} words: the beginning of each is enough.")
    if max(len(word) for word in wanted) < STEM_LENGTH:
        raise NothingToLookFor(f"Type at least {STEM_LENGTH} characters of a word.")
    return wanted


def word_range(beginning: str) -> tuple[str, str]:
    """This will return the first word with that beginning and a word behind the last, as the databases sort them."""
    return beginning, beginning + LAST_CHARACTER


def _beginnings(piece: str) -> Iterator[str]:
    whole = _trimmed(folded(piece))
    for part in PARTS.finditer(whole):
        yield whole[part.start() :]
        for letter in UNSPACED.finditer(whole, part.start() + 1, part.end()):
            yield whole[letter.start() :]


def _trimmed(piece: str) -> str:
    parts = list(PARTS.finditer(piece))
    return piece[parts[0].start() : parts[-1].end()] if parts else ""


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
