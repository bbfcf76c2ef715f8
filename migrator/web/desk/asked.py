"""What the address of the desk's list asks for. The address is the view: all that is chosen stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from flask import request

from migrator.fulfilment.desk import Group
from migrator.fulfilment.desk_queries import Scope, Whose
from migrator.orders.lifecycle import ENDED, TURNS, OrderState, Turn
from migrator.policy.types import Family
from migrator.web.cursor import read_cursor
from migrator.web.fields import LINE_LENGTH, trimmed
from migrator.web.request import person

LIST = "/desk"
SHOWN_STATES = tuple(state for state in OrderState if state not in ENDED | {OrderState.AWAITING_PAYMENT})
LARGEST_ID = 2**62
ADDRESSES_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One view of the list.

    :ivar whose: `all`, `mine`, `unassigned`, or the id of an account manager
    """

    group: Group | None
    whose: str
    family: Family | None
    state: OrderState | None
    words: str
    after: tuple[datetime | None, int] | None
    person_id: int

    @property
    def scope(self) -> Scope:
        """Which orders are wanted in each group."""
        managers = {Whose.ALL: None, Whose.MINE: self.person_id, Whose.UNASSIGNED: 0}
        manager_id = managers[Whose(self.whose)] if self.whose in managers else int(self.whose)
        return Scope(manager_id, self.family, self.state)

    @property
    def is_filtered(self) -> bool:
        """Whether more is chosen than a group and whose orders."""
        return bool(self.family or self.state or self.whose.isdecimal())

    @property
    def listed_group(self) -> Group | None:
        """The group that is listed: for a state in which the customer has the turn, their list."""
        if self.group is None and self.state and TURNS[self.state] is Turn.CUSTOMER:
            return Group.CUSTOMERS
        return self.group

    @property
    def kept(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        values = {
            "group": self.group,
            "whose": None if self.whose == Whose.ALL else self.whose,
            "family": self.family,
            "state": self.state,
            "q": self.words,
        }
        return {name: str(value) for name, value in values.items() if value}

    def url(self, **differences: str | None) -> str:
        """This will return the address of the same list with differences; None leaves something out."""
        query = self.query(**differences)
        return f"{LIST}?{query}" if query else LIST

    def query(self, **differences: str | None) -> str:
        """This will return what stands behind the question mark of that address."""
        return _written(tuple({**self.kept, **differences}.items()))


@lru_cache(maxsize=ADDRESSES_KEPT)
def _written(chosen: tuple[tuple[str, str | None], ...]) -> str:
    return urlencode([(name, value) for name, value in chosen if value])


def asked() -> Asked:
    """This will read the address; what it names and we do not have is left out."""
    read = request.args.get
    return Asked(
        group=read("group", None, type=Group),
        whose=_whose(read("whose", "")),
        family=read("family", None, type=Family),
        state=state if (state := read("state", None, type=OrderState)) in SHOWN_STATES else None,
        words=_printable(trimmed(read("q")))[:LINE_LENGTH],
        after=read_cursor(read("after")),
        person_id=person().id,
    )


def _whose(text: str) -> str:
    if text in set(Whose):
        return text
    return str(whole_number(text) or Whose.ALL)


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def whole_number(text: str | None) -> int:
    """This will read an id that a form sent; 0 for anything that is none."""
    typed = (text or "")[:20]
    is_id = typed.isascii() and typed.isdecimal() and int(typed) < LARGEST_ID
    return int(typed) if is_id else 0
