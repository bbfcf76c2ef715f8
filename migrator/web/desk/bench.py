"""What the workbench shows: the customer's page, the access items, and what this state allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from wtforms import SelectChoice  # type: ignore[attr-defined]

from migrator.access.fields import FIELDS
from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem, Secret
from migrator.access.queries import items_of
from migrator.access.rules import state_words
from migrator.accounts.models import Person
from migrator.accounts.queries import account_managers
from migrator.clock.wording import instant_text
from migrator.fulfilment.models import PauseRow
from migrator.fulfilment.queries import pauses_of
from migrator.fulfilment.reminders.notices import unanswered
from migrator.fulfilment.rules import awaits_agreement
from migrator.history.actor import Role
from migrator.journeys.waiting_restart import why_held
from migrator.orders.lifecycle import ENDED, OrderEvent, OrderState, allows
from migrator.orders.models import Order, StaffNote
from migrator.orders.queries import notes_of
from migrator.web.desk.actions_extras import links_to_extras
from migrator.web.desk.actions_money import links_to_money
from migrator.web.desk.actions_preview import links_to_preview
from migrator.web.desk.actions_results import results_of
from migrator.web.orders.page import TrackerPage, without_actions
from migrator.web.orders.tracker import asked_page
from migrator.web.results.page import RequestLine

NOTES_SHOWN = 20
RECHECKING = frozenset({OrderState.VERIFYING, OrderState.IN_PROGRESS, OrderState.PAUSED})
BEFORE_THE_RUN = RECHECKING | {OrderState.AWAITING_ACCESS, OrderState.PREVIEW_READY}
TONES = {
    ItemState.NOT_STARTED: "neutral",
    ItemState.SUBMITTED: "info",
    ItemState.PROBLEM: "attention",
    ItemState.VERIFIED: "done",
}


@dataclass(frozen=True, slots=True)
class SecretLine:
    """A secret that can be looked at, with who has."""

    name: str
    url: str
    seen: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One access item of the checklist; `verify_url` is none where there is nothing to confirm."""

    label: str
    state: str
    tone: str
    problem: str
    details: tuple[tuple[str, str], ...]
    secrets: tuple[SecretLine, ...]
    verify_url: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Action:
    """Something that this state allows."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """A note among the staff."""

    author: str
    at: datetime
    at_text: str
    body: str


@dataclass(frozen=True, slots=True)
class BenchPage:
    """All that the workbench shows.

    :ivar held: why a restart that waits would not start now; empty where it would
    """

    order: TrackerPage
    customer: str
    person: str
    email: str
    items: tuple[ItemLine, ...]
    actions: tuple[Action, ...]
    unanswered: tuple[str, ...]
    notes: tuple[Note, ...]
    managers: tuple[SelectChoice, ...]
    manager_id: int | None
    can_take_over: bool
    requests: tuple[RequestLine, ...] = ()
    held: str = ""


def bench_page(session: Session, order: Order, *, person: Person) -> BenchPage:
    """This will gather the page in a fixed number of queries."""
    zone = order.calendar_row.zone
    pauses = pauses_of(session, order.id)
    links, requests = results_of(session, order)
    return BenchPage(
        order=without_actions(asked_page(session, order, viewer_zone=order.placed_by.zone)),
        customer=order.organisation.name,
        person=order.placed_by.display_name,
        email=order.placed_by.email,
        items=tuple(_item(item, order, zone) for item in items_of(session, order.id)),
        actions=(*(Action(*link) for link in links), *_actions(order, pauses)),
        unanswered=unanswered(order, pauses),
        notes=tuple(_note(note, zone) for note in notes_of(session, order.id, limit=NOTES_SHOWN)),
        managers=tuple(active_managers(session)),
        manager_id=order.account_manager_id,
        can_take_over=person.role is Role.ACCOUNT_MANAGER and order.account_manager_id != person.id,
        requests=requests,
        held=why_held(session, order),
    )


def secret_noun(kind: ItemKind, field: str) -> str:
    """This will name a secret inside a sentence: `password`, `API token`."""
    return next(spec.noun for spec in FIELDS[kind] if spec.name == field)


def active_managers(session: Session) -> list[SelectChoice]:
    """This will return who can look after an order: ids, as forms send them, and names."""
    return [SelectChoice(str(manager.id), manager.display_name) for manager in account_managers(session)]


def _item(item: AccessItem, order: Order, zone: str) -> ItemLine:
    labels = {spec.name: spec.label for spec in FIELDS[item.kind]}
    can_verify = order.state in RECHECKING and item.state is ItemState.SUBMITTED
    return ItemLine(
        label=item.label if item.required else f"{item.label} – optional",
        state=state_words(order.state, item.state),
        tone=TONES[item.state],
        problem=item.problem,
        details=tuple((labels.get(name, name), str(value)) for name, value in sorted(item.open_fields.items())),
        secrets=tuple(_secret(secret, item, order) for secret in item.secrets if secret.destroyed_at is None),
        verify_url=url_for("desk.verify", number=order.number, item_id=item.id) if can_verify else None,
        version=item.version,
    )


def _secret(secret: Secret, item: AccessItem, order: Order) -> SecretLine:
    seen = [reveal.person.display_name for reveal in secret.reveals]
    return SecretLine(
        name=secret_noun(item.kind, secret.field),
        url=url_for("desk.reveal_secret", number=order.number, secret_id=secret.id),
        seen=", ".join(dict.fromkeys(seen)) or "nobody yet",
    )


def _actions(order: Order, pauses: Sequence[PauseRow]) -> Iterable[Action]:
    yield from (Action(label, url) for label, url in links_to_preview(order))
    yield from (Action(label, url) for label, url in links_to_extras(order))
    if allows(order.state, OrderEvent.REFUSE_ACCESS):
        yield Action("Send back what does not work", url_for("desk.problems", number=order.number))
    if allows(order.state, OrderEvent.PAUSE):
        yield Action("Pause", url_for("desk.pause", number=order.number))
    for pause in pauses:
        if pause.ended_at or pause.item:
            yield _about(pause, order)
    yield from (Action(label, url) for label, url in links_to_money(order))
    if order.state in BEFORE_THE_RUN and order.source_address:
        yield Action("Count pages from the sitemap", url_for("desk.sitemap", number=order.number))
    if order.verified_at is None or order.state in ENDED:
        return
    yield Action("Correct when the count started", url_for("desk.start", number=order.number))
    if awaits_agreement(order.terms, order.agreed_at):
        yield Action("Propose a date", url_for("desk.date", number=order.number))


def _about(pause: PauseRow, order: Order) -> Action:
    if pause.ended_at is None:
        url = url_for("desk.pause_answer", number=order.number, pause_id=pause.id)
        return Action(f"Resume: {pause.label} was answered another way", url)
    began = instant_text(pause.started_at, order.calendar_row.zone)
    url = url_for("desk.pause_times", number=order.number, pause_id=pause.id)
    return Action(f"Correct the pause of {began}", url)


def _note(note: StaffNote, zone: str) -> Note:
    return Note(note.author.display_name, note.written_at, instant_text(note.written_at, zone), note.body)
