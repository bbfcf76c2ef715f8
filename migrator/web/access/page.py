"""What the access pages show, gathered inside `reading()`; facts about secrets, never the secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from migrator.access.fields import FIELDS, to_show_again
from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem, Secret
from migrator.access.queries import item_of, items_of
from migrator.access.rules import is_editable, missing_labels, needs_access_no_more, state_words
from migrator.calendars.queries import calendar_of
from migrator.clock.wording import clock_text, day_text, listed_text, local_time
from migrator.fulfilment.queries import pauses_of, promise_view
from migrator.fulfilment.views import PromiseView
from migrator.fulfilment.windows.models import WindowKind
from migrator.fulfilment.windows.queries import open_window_of
from migrator.orders.lifecycle import WORDS, OrderState
from migrator.orders.models import Order

TONES = {
    ItemState.NOT_STARTED: "neutral",
    ItemState.SUBMITTED: "done",
    ItemState.PROBLEM: "problem",
    ItemState.VERIFIED: "done",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One item in the list."""

    item_id: int
    title: str
    hint: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that the customer gave us and should change now that the work is done (RULES C-082)."""

    item_id: int
    label: str
    is_changed: bool
    sentence: str
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessPage:
    """The list of items.

    :ivar missing: the labels of what is needed before it can be sent for checking
    :ivar reminders: what to change, once the work no longer needs it; empty before
    :ivar has_copies: whether a copy of a secret is left with us
    :ivar destroyed_by: when our copies go by themselves, in words; empty while that is not known
    """

    number: str
    product: str
    state_words: str
    has_not_started: bool
    can_send: bool
    missing: str
    promise: PromiseView
    tasks: tuple[Task, ...]
    reminders: tuple[Reminder, ...]
    has_copies: bool
    is_done: bool
    destroyed_by: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of a secret without knowing it."""

    secret_id: int
    sentence: str
    seen_by: str
    is_standing: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item.

    :ivar closed_sentence: why it cannot be changed; empty while it can
    """

    number: str
    item_id: int
    kind: ItemKind
    label: str
    problem: str
    version: int
    kept: dict[str, str]
    shown: tuple[tuple[str, str], ...]
    standing: frozenset[str]
    receipts: tuple[Receipt, ...]
    is_editable: bool
    closed_sentence: str


def access_page(session: Session, order: Order, *, now: datetime, viewer_zone: str) -> AccessPage:
    """This will gather the list of items with the promise that counts now."""
    items = items_of(session, order.id)
    calendar = calendar_of(session, order.calendar_row)
    view = promise_view(order, calendar, pauses_of(session, order.id), now=now, viewer_zone=viewer_zone)
    is_done = needs_access_no_more(order.state)
    return AccessPage(
        number=order.number,
        product=order.terms.product_name,
        state_words=WORDS[order.state],
        has_not_started=order.state is OrderState.AWAITING_ACCESS,
        can_send=order.state is OrderState.AWAITING_ACCESS,
        missing=listed_text(missing_labels((item.label, item.required, item.state) for item in items)),
        promise=view,
        tasks=tuple(_task(item, order.state) for item in items),
        reminders=tuple(_reminder(item, calendar.zone) for item in items if item.secrets) if is_done else (),
        has_copies=has_copies(items),
        is_done=is_done,
        destroyed_by=_destroyed_by(session, order, calendar.zone) if is_done else "",
    )


def item_page(session: Session, order: Order, item_id: int) -> ItemPage:
    """This will gather one item with the receipts of its secrets, the newest first.

    :raises NotFound: when the order has no such item
    """
    item = item_of(session, order.id, item_id)
    zone = order.calendar_row.zone
    open_specs = [spec for spec in FIELDS[item.kind] if not spec.is_secret]
    editable = is_editable(order.state, item.state)
    return ItemPage(
        number=order.number,
        item_id=item.id,
        kind=item.kind,
        label=item.label,
        problem=item.problem,
        version=item.version,
        kept=to_show_again(item.open_fields),
        shown=tuple((spec.label, item.open_fields[spec.name]) for spec in open_specs if spec.name in item.open_fields),
        standing=frozenset(secret.field for secret in item.secrets if secret.destroyed_at is None),
        receipts=tuple(_receipt(item, secret, zone) for secret in reversed(item.secrets)),
        is_editable=editable,
        closed_sentence="" if editable else _closed_sentence(order.state, item.state),
    )


def secret_name(item_kind: ItemKind, field: str) -> str:
    """This will return what people call a secret of an item: `Password`, `API token`."""
    return next(spec.label for spec in FIELDS[item_kind] if spec.name == field)


def has_copies(items: Iterable[AccessItem]) -> bool:
    """This will tell whether a copy of a secret is left with us."""
    return any(secret.destroyed_at is None for item in items for secret in item.secrets)


def _destroyed_by(session: Session, order: Order, zone: str) -> str:
    window = open_window_of(session, order.id, WindowKind.ACCESS)
    return _moment(window.ends_at, zone) if window else ""


def _reminder(item: AccessItem, zone: str) -> Reminder:
    changed = f"You told us on {_moment(item.changed_at, zone)} that you have changed it." if item.changed_at else ""
    receipts = tuple(
        f"{receipt.sentence} Seen by: {receipt.seen_by}."
        for receipt in (_receipt(item, secret, zone) for secret in reversed(item.secrets))
    )
    return Reminder(item.id, item.label, item.changed_at is not None, changed, receipts)


def _task(item: AccessItem, order_state: OrderState) -> Task:
    is_optional = not item.required and item.state is ItemState.NOT_STARTED
    return Task(
        item_id=item.id,
        title=item.label,
        hint=item.problem,
        status="Optional" if is_optional else state_words(order_state, item.state),
        tone=TONES[item.state],
    )


def _receipt(item: AccessItem, secret: Secret, zone: str) -> Receipt:
    name = secret_name(item.kind, secret.field)
    saved = f"{name} saved {_moment(secret.saved_at, zone)}."
    if secret.destroyed_at:
        end = f"Our copy was destroyed {_moment(secret.destroyed_at, zone)}: {secret.destroyed_reason}."
    else:
        end = "Encrypted."
    looks = [f"{look.person.display_name}, {_moment(look.revealed_at, zone)}: {look.reason}" for look in secret.reveals]
    return Receipt(
        secret_id=secret.id,
        sentence=f"{saved} {end}",
        seen_by="; ".join(looks) or "nobody" + ("" if secret.destroyed_at else " yet"),
        is_standing=secret.destroyed_at is None,
    )


def _moment(at: datetime, zone: str) -> str:
    local = local_time(at, zone).replace(second=0)
    return f"{day_text(local.date())}, {clock_text(local)}"


def _closed_sentence(order_state: OrderState, item_state: ItemState) -> str:
    if item_state is ItemState.VERIFIED:
        return "We have checked these details and work with them. Write to us if they have changed."
    return f"Your order is “{WORDS[order_state]}”, so nothing can be changed here now."
