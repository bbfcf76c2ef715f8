"""Telling customers of moved dates: one message to each for each closure and direction, with all their orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.calendars.closure_rules import span_text
from migrator.calendars.models import CalendarRow
from migrator.clock.wording import end_text, place_text, viewer_text
from migrator.fulfilment.closures.models import UNTOLD, Direction, Move, Recount, RecountState
from migrator.notifications.operations import owe
from migrator.orders.models import Order

CHUNK = 100
MoveOfOrder = tuple[Move, Order]
KINDS = {Direction.ANNOUNCE: "closure_announced", Direction.WITHDRAW: "closure_withdrawn"}
LABELS = {
    "due": "Ready by",
    "agree_by": "We propose a date by",
    "check_by": "Access details checked by",
    "insurance": "Restarts included until",
}


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One date that moved, in words; `theirs` is the new one by the reader's clock where that differs."""

    label: str
    old: str
    new: str
    theirs: str


@dataclass(frozen=True, slots=True)
class MovedOrder:
    """One order of a letter."""

    number: str
    product_name: str
    dates: tuple[MovedDate, ...]


def tell_chunk(session: Session, recount: Recount, *, now: datetime) -> bool:
    """This will owe the next customers their message, and tell whether there are more.

    All orders of a company are told in one step, so that whoever reads for several people gets one message.

    :param recount: held, with its closure
    """
    if recount.state is not RecountState.TELLING:
        return False
    moves = _next_moves(session, recount.id)
    for reader, theirs in _by_reader(session, moves):
        _owe(session, recount, reader, theirs, now=now)
    told = [move.order_id for move, _ in moves]
    session.execute(
        update(Move).where(Move.recount_id == recount.id, Move.order_id.in_(told)).values(told_at=now),
        execution_options={"synchronize_session": False},
    )
    recount.told += len(told)
    if not told:
        recount.state, recount.done_at = RecountState.DONE, now
    session.flush()
    return bool(told)


def moved_dates(move: Move, zone: str, *, viewer_zone: str = "") -> tuple[MovedDate, ...]:
    """This will return what of a move concerns the customer, in words."""
    return tuple(_date(move, name, zone, viewer_zone) for name in LABELS if name in move.facts["open"])


def _next_moves(session: Session, recount_id: int) -> list[MoveOfOrder]:
    untold = select(Move, Order).join(Order, Order.id == Move.order_id).where(Move.recount_id == recount_id, UNTOLD)
    first = untold.with_only_columns(Order.organisation_id).order_by(Move.order_id).limit(CHUNK)
    companies = set(session.scalars(first))
    theirs = untold.where(Order.organisation_id.in_(companies)).options(joinedload(Order.placed_by, innerjoin=True))
    return [(move, order) for move, order in session.execute(theirs.order_by(Order.organisation_id, Order.id))]


def _by_reader(session: Session, moves: Iterable[MoveOfOrder]) -> Sequence[tuple[Person, list[MoveOfOrder]]]:
    readers: dict[int, list[Person]] = {}
    found: dict[int, tuple[Person, list[MoveOfOrder]]] = {}
    placed: dict[int, list[MoveOfOrder]] = defaultdict(list)
    for move, order in moves:
        if move.is_open:
            placed[order.placed_by_id].append((move, order))
            readers.setdefault(order.placed_by_id, standing_in_for(session, order.placed_by))
    for person_id, theirs in placed.items():
        for reader in readers[person_id]:
            found.setdefault(reader.id, (reader, []))[1].extend(theirs)
    return list(found.values())


def _owe(session: Session, recount: Recount, reader: Person, moves: Sequence[MoveOfOrder], *, now: datetime) -> None:
    closure = recount.closure
    zone = session.get_one(CalendarRow, closure.calendar_key).zone
    owe(
        session,
        kind=KINDS[recount.direction],
        cause=f"closure:{closure.id}",
        recipient=reader,
        order_id=moves[0][1].id if len(moves) == 1 else None,
        context={
            "closure_name": closure.name,
            "why": closure.reason,
            "days": span_text(closure.first_on, closure.last_on),
            "place": place_text(zone),
            "orders": [_order(move, order, zone, reader.zone) for move, order in moves],
        },
        now=now,
    )


def _order(move: Move, order: Order, zone: str, viewer_zone: str) -> MovedOrder:
    return MovedOrder(order.number, order.terms.product_name, moved_dates(move, zone, viewer_zone=viewer_zone))


def _date(move: Move, name: str, zone: str, viewer_zone: str) -> MovedDate:
    old, new = move.facts[f"old_{name}"], move.facts[f"new_{name}"]
    new_at = datetime.fromisoformat(new)
    return MovedDate(
        label=LABELS[name],
        old=end_text(datetime.fromisoformat(old), zone),
        new=end_text(new_at, zone),
        theirs=viewer_text(new_at, zone, viewer_zone=viewer_zone or None),
    )
