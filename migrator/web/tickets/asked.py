"""What the address of the list of tickets asks for. The address is the view: all that is chosen stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from migrator.support.categories import Category, Desk, Team
from migrator.support.desk import Group
from migrator.support.desk_queries import NOBODY, Place, Scope
from migrator.support.rules import Rank
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.fields import LINE_LENGTH, trimmed
from migrator.web.request import person

LIST = "/desk/tickets"
MINE, UNASSIGNED = "mine", "unassigned"
LARGEST_ID = 2**62


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of the list.

    :ivar whose: empty for all, `mine`, `unassigned`, or the id of one of our people
    """

    group: Group | None
    whose: str
    desk: Desk | None
    category: Category | None
    team: Team | None
    words: str
    after: Place | None
    person_id: int

    @property
    def scope(self) -> Scope:
        """Which tickets are wanted in each group."""
        named = {"": None, MINE: self.person_id, UNASSIGNED: NOBODY}
        assignee_id = named[self.whose] if self.whose in named else int(self.whose)
        return Scope(assignee_id, self.desk, self.category, self.team)

    @property
    def is_filtered(self) -> bool:
        """Whether more is chosen than a group and whose tickets."""
        return bool(self.desk or self.category or self.team or self.whose.isdecimal())

    @property
    def kept(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        values = {
            "group": self.group,
            "whose": self.whose,
            "desk": self.desk,
            "category": self.category,
            "team": self.team,
            "q": self.words,
        }
        return {name: str(value) for name, value in values.items() if value}

    def url(self, **differences: str | None) -> str:
        """This will return the address of the same list with differences; None leaves something out."""
        query = urlencode({name: value for name, value in {**self.kept, **differences}.items() if value})
        return f"{LIST}?{query}" if query else LIST


def asked() -> Asked:
    """This will read the address; what it names and we do not have is left out."""
    read = request.args.get
    return Asked(
        group=read("group", None, type=Group),
        whose=_whose(read("whose", "")),
        desk=read("desk", None, type=Desk),
        category=read("category", None, type=Category),
        team=read("team", None, type=Team),
        words="".join(each for each in trimmed(read("q")) if each.isprintable())[:LINE_LENGTH],
        after=_place(read("after", ""), read("rank", Rank.USUAL, type=_rank)),
        person_id=person().id,
    )


def after_text(place: Place) -> dict[str, str]:
    """This will return what of an address stands for the end of a page."""
    return {"after": cursor_of(place.at, place.row_id), "rank": str(int(place.rank))}


def _rank(text: str) -> Rank:
    return Rank(int(text)) if text in {"0", "1", "2"} else Rank.USUAL


def _place(cursor: str, rank: Rank) -> Place | None:
    found = read_cursor(cursor)
    if found is None or found[0] is None:
        return None
    return Place(found[0], found[1], rank)


def _whose(text: str) -> str:
    if text in {MINE, UNASSIGNED}:
        return text
    is_id = text.isascii() and text.isdecimal() and len(text) < 19 and 0 < int(text) < LARGEST_ID
    return text if is_id else ""
