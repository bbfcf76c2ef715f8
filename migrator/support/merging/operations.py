"""Joining two requests, and parting them again as they were (RULES M-021)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import NotFound
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.support.lifecycle import CloseCause, TicketEvent, TicketState, next_state
from migrator.support.merging.models import TicketMerge
from migrator.support.merging.queries import standing_merge
from migrator.support.merging.rules import UNDO_DAYS, CannotUndo, earliest, refuse_merge
from migrator.support.models import Ticket, TicketAttachment, TicketMessage, TicketNote, TicketWatcher
from migrator.support.opening import refresh_dates
from migrator.support.request_rules import Missing

MOMENTS = ("state_since_at", "opened_at", "asked_at", "first_response_at", "closes_at", "next_warning_at")
WORDS = ("state", "clarifying", "close_cause")
CHOICES = {"state": TicketState, "clarifying": Missing, "close_cause": CloseCause}


def merge(session: Session, kept: Ticket, merged: Ticket, *, author: Person, now: datetime) -> TicketMerge:
    """This will put a request into another: its messages, notes and watchers move, and the earlier clock is kept.

    :param kept: held, as is `merged`, the one with the smaller id first
    :raises CannotMerge: when they must stay apart
    """
    refuse_merge(
        same=kept.id == merged.id,
        states=(kept.state, merged.state),
        organisations=(kept.organisation_id, merged.organisation_id),
        desks_agree=kept.desk is merged.desk,
    )
    before = {"kept": _facts(kept), "merged": _facts(merged), **_moved(session, kept, merged, now=now)}
    kept.opened_at = min(kept.opened_at, merged.opened_at)
    kept.first_response_at = earliest(kept.first_response_at, merged.first_response_at)
    if merged.asked_at is not None:
        _ask_again(kept, earliest(kept.asked_at, merged.asked_at), now=now)
    _put_away(merged, kept, now=now)
    refresh_dates(session, kept)
    refresh_dates(session, merged)
    row = TicketMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        before=before,
        merged_by_id=author.id,
        merged_at=now,
        undo_until_at=now + timedelta(days=UNDO_DAYS),
    )
    session.add(row)
    session.flush()
    _note(session, "ticket.merged", kept, merged, author=author, now=now)
    return row


def undo(session: Session, kept: Ticket, merged: Ticket, *, author: Person, now: datetime) -> None:
    """This will part two requests again: what was moved goes back, and what came since stays where it is.

    :param kept: held, as is `merged`
    :raises NotFound: when they are not joined
    :raises CannotUndo: after thirty days, or while the other one is joined with a third
    """
    row = standing_merge(session, merged.id)
    if row is None or row.kept_id != kept.id:
        raise NotFound("These two requests are not joined.")
    if now >= row.undo_until_at:
        raise CannotUndo(f"Joined requests can be parted for {UNDO_DAYS} days, and these are over.")
    if kept.state is TicketState.MERGED:
        raise CannotUndo(f"{kept.number} is itself part of another request now. Part those first.")
    before = row.before
    _move_back(session, merged, before)
    merged.merged_into_id = None
    _restore(merged, before["merged"])
    if before["joined"] == _joined(kept):
        _restore(kept, before["kept"])
    else:
        # It was answered or written to since; its clock has its own reasons now.
        kept.opened_at = datetime.fromisoformat(before["kept"]["opened_at"])
    refresh_dates(session, kept)
    refresh_dates(session, merged)
    row.undone_by_id, row.undone_at = author.id, now
    session.flush()
    _note(session, "ticket.parted", kept, merged, author=author, now=now)


def _facts(ticket: Ticket) -> dict[str, Any]:
    moments = {name: value.isoformat() if (value := getattr(ticket, name)) else None for name in MOMENTS}
    words = {name: value.value if (value := getattr(ticket, name)) else None for name in WORDS}
    return {**moments, **words, "clarifications": ticket.clarifications}


def _restore(ticket: Ticket, facts: dict[str, Any]) -> None:
    for name in MOMENTS:
        setattr(ticket, name, datetime.fromisoformat(facts[name]) if facts[name] else None)
    for name in WORDS:
        setattr(ticket, name, CHOICES[name](facts[name]) if facts[name] else None)
    ticket.clarifications = facts["clarifications"]


def _joined(kept: Ticket) -> list[str | None]:
    return [kept.state.value, kept.asked_at.isoformat() if kept.asked_at else None]


def _ask_again(kept: Ticket, asked_at: datetime | None, *, now: datetime) -> None:
    if kept.state is not TicketState.OPEN:
        kept.state, kept.state_since_at = next_state(kept.state, TicketEvent.WRITE), now
        kept.clarifying, kept.clarifications, kept.closes_at = None, 0, None
    kept.asked_at = asked_at


def _put_away(merged: Ticket, kept: Ticket, *, now: datetime) -> None:
    merged.state, merged.state_since_at = next_state(merged.state, TicketEvent.MERGE), now
    merged.merged_into_id = kept.id
    merged.asked_at = merged.closes_at = merged.next_warning_at = None
    merged.clarifying, merged.clarifications = None, 0


def _moved(session: Session, kept: Ticket, merged: Ticket, *, now: datetime) -> dict[str, Any]:
    messages = _of(session, TicketMessage, merged)
    origins = {str(message.id): message.came_from_id for message in messages}
    for message in messages:
        message.ticket_id = kept.id
        message.came_from_id = message.came_from_id or merged.id
    attachments, notes = _of(session, TicketAttachment, merged), _of(session, TicketNote, merged)
    for row in (*attachments, *notes):
        row.ticket_id = kept.id
    watching = {watcher.person_id for watcher in _of(session, TicketWatcher, kept)}
    joining = [each.person_id for each in _of(session, TicketWatcher, merged) if each.person_id not in watching]
    session.add_all(TicketWatcher(ticket_id=kept.id, person_id=person_id, since_at=now) for person_id in joining)
    asked = earliest(kept.asked_at, merged.asked_at)
    state = TicketState.OPEN if merged.asked_at else kept.state
    return {
        "messages": origins,
        "attachments": [row.id for row in attachments],
        "notes": [row.id for row in notes],
        "watchers": joining,
        "joined": [state.value, asked.isoformat() if asked else None],
    }


def _move_back(session: Session, merged: Ticket, before: dict[str, Any]) -> None:
    for key, origin in before["messages"].items():
        message = session.get_one(TicketMessage, int(key))
        message.ticket_id, message.came_from_id = merged.id, origin
    for row in _with_ids(session, TicketAttachment, before["attachments"]):
        row.ticket_id = merged.id
    for row in _with_ids(session, TicketNote, before["notes"]):
        row.ticket_id = merged.id
    row = standing_merge(session, merged.id)
    assert row is not None
    wanted = select(TicketWatcher).where(
        TicketWatcher.ticket_id == row.kept_id, TicketWatcher.person_id.in_(before["watchers"])
    )
    for watcher in session.scalars(wanted):
        session.delete(watcher)


def _of(session: Session, model: Any, ticket: Ticket) -> list[Any]:
    return list(session.scalars(select(model).where(model.ticket_id == ticket.id).order_by(model.id)))


def _with_ids(session: Session, model: Any, ids: Iterable[int]) -> list[Any]:
    return list(session.scalars(select(model).where(model.id.in_(list(ids)))))


def _note(session: Session, verb: str, kept: Ticket, merged: Ticket, *, author: Person, now: datetime) -> None:
    facts = {"kept": kept.number, "merged": merged.number}
    for ticket in (kept, merged):
        record(
            session,
            verb,
            subject="ticket",
            key=ticket.number,
            actor=author.actor,
            now=now,
            visibility=Visibility.CUSTOMER,
            facts=facts,
        )
