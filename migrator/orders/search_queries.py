"""Which orders, or other rows, are found by the beginnings of words, the newest first. Never walks through all.

A beginning that few orders share is read from the index of words. One that very many share is met again and again
among the newest orders, so those are walked, a bounded number at a time; the next page goes on where the walk ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from migrator.orders.search_models import SearchWord
from migrator.orders.search_rules import STEM_LENGTH, stem_of, word_range

FEW = 2_000
WALKED = 20_000
# An order can have several words with one beginning; they stand side by side.
WORDS_OF_ONE_ORDER = 4
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class WordIndex:
    """A table of words by which rows are found, with the column that names the row."""

    words: Any
    key: str

    def key_of(self, words: Any) -> Any:
        """This will return that column of the table, of an alias or of a subquery."""
        return getattr(words, self.key)


ORDERS = WordIndex(SearchWord, "order_id")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of orders, the newest first.

    :ivar before_id: where the next page goes on; none when there is nothing more
    """

    row_ids: tuple[int, ...]
    before_id: int | None


def found_orders(session: Session, words: Sequence[str], *, limit: int, before_id: int | None = None) -> Found:
    """This will return the orders that have, for each of these beginnings, a word: at most three queries.

    :param words: as `searched_words` returns them
    """
    return found_rows(session, ORDERS, words, limit=limit, before_id=before_id)


def found_rows(
    session: Session, index: WordIndex, words: Sequence[str], *, limit: int, before_id: int | None = None
) -> Found:
    """This will return the rows that have, for each of these beginnings, a word: at most three queries.

    :param words: as `searched_words` returns them
    """
    rarest, is_rare = _rarest(session, index, words)
    others = [word for word in words if word != rarest]
    question = _few if is_rare else _walk
    before = NEWEST if before_id is None else before_id
    rows = session.connection().execute(question(index, rarest, others, before=before, limit=limit)).scalars().all()
    ids = tuple(dict.fromkeys(rows))
    if len(ids) > limit or (ids and len(rows) == (limit + 1) * WORDS_OF_ONE_ORDER):
        return Found(ids[:limit], ids[:limit][-1])
    return Found(ids, None if is_rare else _end_of_walk(session, index, rarest, before, ids))


def search_questions(
    words: Sequence[str], *, limit: int = 50, index: WordIndex = ORDERS
) -> tuple[Select[int], Select[int]]:
    """This will return the two questions that a search can ask, for looking at how the database answers them."""
    first, *others = words
    return tuple(ask(index, first, others, before=NEWEST, limit=limit) for ask in (_few, _walk))  # type: ignore[return-value]


def _rarest(session: Session, index: WordIndex, words: Sequence[str]) -> tuple[str, bool]:
    counts = [
        select(func.count()).select_from(_some(index, word).subquery()).scalar_subquery().label(f"count_{place}")
        for place, word in enumerate(words)
    ]
    by_count = sorted(zip(session.connection().execute(select(*counts)).one(), words, strict=True))
    count, word = by_count[0]
    if count <= FEW:
        return word, True
    # One character is not enough to walk by.
    return next(word for _, word in by_count if len(word) >= STEM_LENGTH), False


def _some(index: WordIndex, word: str) -> Select[int]:
    return select(index.key_of(index.words).label("row_id")).where(*_begins(index.words, word)).limit(FEW + 1)


def _few(index: WordIndex, word: str, others: Sequence[str], *, before: int, limit: int) -> Select[int]:
    some = _some(index, word).subquery()
    row_id = some.c.row_id
    wanted = select(row_id).distinct().where(row_id < before, *_has(index, row_id, others))
    return wanted.order_by(row_id.desc()).limit(limit + 1)


def _walk(index: WordIndex, word: str, others: Sequence[str], *, before: int, limit: int) -> Select[int]:
    # Sorting outside as well would make SQLite end the walk before it looks at the first row.
    newest = _newest(index, word, before).subquery()
    wanted = select(newest.c.row_id).where(*_begins(newest.c, word), *_has(index, newest.c.row_id, others))
    return wanted.limit((limit + 1) * WORDS_OF_ONE_ORDER)


def _end_of_walk(session: Session, index: WordIndex, word: str, before: int, found: Sequence[int]) -> int | None:
    newest = _newest(index, word, before).subquery()
    count, last_id = session.connection().execute(select(func.count(), func.min(newest.c.row_id))).one()
    if count < WALKED:
        return None
    # The walk may have ended among the words of one row, which then stands on the next page if not on this one.
    return int(last_id) if last_id in found else int(last_id) + 1


def _newest(index: WordIndex, word: str, before: int) -> Select[int, str]:
    row_id = index.key_of(index.words)
    wanted = select(row_id.label("row_id"), index.words.word).where(index.words.stem == stem_of(word), row_id < before)
    return wanted.order_by(row_id.desc(), index.words.word.desc()).limit(literal_column(str(WALKED)))


def _has(index: WordIndex, row_id: ColumnElement[int], words: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    for word in words:
        further = aliased(index.words)
        yield exists().where(index.key_of(further) == row_id, *_begins(further, word))


def _begins(words: object, beginning: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    first, behind = word_range(beginning)
    return words.word >= first, words.word < behind  # type: ignore[attr-defined]
