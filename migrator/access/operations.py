"""Opening, saving, checking and destroying access details. Only the vault's seal of a secret is ever kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from migrator.access.fields import FIELDS, UnusableDetails, cleaned
from migrator.access.lifecycle import ItemKind, ItemState
from migrator.access.models import AccessItem, Reveal, Secret
from migrator.access.queries import items_with_secrets
from migrator.access.rules import items_for
from migrator.access.vault import Vault
from migrator.errors import DomainError, NotFound
from migrator.history.actor import Actor
from migrator.history.operations import record
from migrator.orders.models import Order
from migrator.policy.loading import migration_desk, platforms
from migrator.policy.types import Side

RESEAL_BATCH = 500
REPLACED = "replaced by a newer one"
DESTROYED_BY_CUSTOMER = "destroyed by the customer"


class SecretGone(DomainError):
    """The secret was destroyed; nobody can look at it any more."""


class ReasonMissing(DomainError):
    """A look at a secret needs its reason."""


class NotSubmitted(DomainError):
    """There is nothing to check yet."""


class WordsMissing(DomainError):
    """A problem needs words that tell the customer what to do."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """An opened secret, to be shown until `hidden_at` and nowhere kept."""

    value: str = field(repr=False)
    hidden_at: datetime


def open_items(session: Session, order: Order, *, now: datetime) -> tuple[AccessItem, ...]:
    """This will give an order its access items, once; a site address that the order names counts as given."""
    existing = session.scalars(select(AccessItem).where(AccessItem.order_id == order.id).order_by(AccessItem.position))
    if found := tuple(existing):
        return found
    plans = items_for(order.source_platform, order.target_platform, platforms())
    items = tuple(
        AccessItem(
            order_id=order.id,
            kind=plan.kind,
            side=plan.side,
            label=plan.label,
            required=plan.required,
            position=position,
            secrets=[],
            **_given(order, plan.kind, plan.side, now=now),
        )
        for position, plan in enumerate(plans, start=1)
    )
    session.add_all(items)
    session.flush()
    return items


def ask_for_information(session: Session, order: Order, *, label: str) -> AccessItem:
    """This will add an item that asks the customer for something that is missing (RULES C-062).

    :raises WordsMissing: when it does not say what is missing
    """
    if not label.strip():
        raise WordsMissing("Say what is missing.")
    last = session.scalar(select(func.max(AccessItem.position)).where(AccessItem.order_id == order.id)) or 0
    item = AccessItem(
        order_id=order.id,
        kind=ItemKind.INFORMATION,
        side=Side.SOURCE,
        label=label.strip(),
        position=last + 1,
        state=ItemState.NOT_STARTED,
        problem="",
        secrets=[],
    )
    session.add(item)
    session.flush()
    return item


def save_item(
    session: Session, item: AccessItem, values: Mapping[str, str], *, actor: Actor, vault: Vault, now: datetime
) -> None:
    """This will keep what the customer gave; a new secret destroys the one before it, an empty one leaves it.

    :param item: with its `secrets` loaded
    :raises UnusableDetails: when an answer cannot be used
    """
    standing = {secret.field: secret for secret in item.secrets if secret.destroyed_at is None}
    kept = cleaned(item.kind, values, standing=frozenset(standing))
    for spec in FIELDS[item.kind]:
        if spec.is_secret and spec.name in kept:
            if spec.name in standing:
                _destroy(standing[spec.name], REPLACED, now=now)
                session.flush()
            sealed = vault.seal(kept.pop(spec.name))
            item.secrets.append(Secret(field=spec.name, sealed=sealed, saved_at=now, saved_by_id=actor.person_id))
    item.open_fields = kept
    item.changed_at, item.changed_by_id = None, None
    _submit(item, now=now)
    _record(session, "access.saved", item, actor=actor, now=now)


def destroy_secret(session: Session, item: AccessItem, secret_id: int, *, actor: Actor, now: datetime) -> Secret:
    """This will destroy our copy of a secret for good; an item that needs it and is not checked is open again.

    :param item: with its `secrets` loaded
    :raises SecretGone: when it is destroyed already
    :raises NotFound: when the item has no such secret
    """
    secret = next((secret for secret in item.secrets if secret.id == secret_id), None)
    if secret is None:
        raise NotFound("There is no such secret.")
    if secret.destroyed_at is not None:
        raise SecretGone("Our copy is destroyed already.")
    _destroy(secret, DESTROYED_BY_CUSTOMER, now=now)
    _reopen_if_needed(item, secret)
    _record(session, "secret.destroyed", item, actor=actor, now=now, field=secret.field)
    return secret


def destroy_all(
    session: Session, order: Order, *, reason: str, now: datetime, actor: Actor, rule: str = ""
) -> tuple[Secret, ...]:
    """This will destroy every copy that we hold of an order's secrets and return them; without any nothing happens.

    (RULES C-082 to C-084)

    :param reason: in words that the customer reads, such as `destroyed 21 days after the migration`
    :param now: when they count as destroyed; what was saved later stays
    :param rule: the rule by which it happened, where it happened by itself
    """
    items = items_with_secrets(session, order.id, for_update=True)
    kept = [(item, secret) for item in items for secret in item.secrets if secret.saved_at <= now]
    standing = [(item, secret) for item, secret in kept if secret.destroyed_at is None]
    for item, secret in standing:
        _destroy(secret, reason, now=now)
        _reopen_if_needed(item, secret)
    session.flush()
    if standing:
        record(
            session,
            "access.destroyed",
            subject="order",
            key=order.number,
            actor=actor,
            now=now,
            order_id=order.id,
            reason=reason,
            facts={"items": list(dict.fromkeys(item.label for item, _ in standing)), "rule": rule},
        )
    return tuple(secret for _, secret in standing)


def ask_again(session: Session, order: Order) -> tuple[AccessItem, ...]:
    """This will open each item whose secrets are all destroyed, so that the customer can give it anew, and return them.

    (RULES C-084)
    """
    gone = [
        item
        for item in items_with_secrets(session, order.id, for_update=True)
        if item.secrets and all(secret.destroyed_at for secret in item.secrets)
    ]
    for item in gone:
        item.state, item.submitted_at, item.verified_at, item.problem = ItemState.NOT_STARTED, None, None, ""
    session.flush()
    return tuple(gone)


def mark_changed(session: Session, item: AccessItem, *, actor: Actor, now: datetime) -> None:
    """This will record that the customer has changed or blocked what they gave us; twice is once (RULES C-082)."""
    if item.changed_at is None:
        item.changed_at, item.changed_by_id = now, actor.person_id
        _record(session, "access.item_changed", item, actor=actor, now=now)


def mark_unchanged(session: Session, item: AccessItem, *, actor: Actor, now: datetime) -> None:
    """This will take back that an item was changed, after a tick by mistake (RULES D-10)."""
    if item.changed_at is not None:
        item.changed_at, item.changed_by_id = None, None
        _record(session, "access.item_unchanged", item, actor=actor, now=now)


def mark_problem(session: Session, item: AccessItem, problem: str, *, actor: Actor, now: datetime) -> None:
    """This will say what is wrong with an item and what to do.

    :raises WordsMissing: without words
    """
    if not problem.strip():
        raise WordsMissing(f"Say what is wrong with “{item.label}” and what the customer can do.")
    item.state, item.problem, item.verified_at = ItemState.PROBLEM, problem.strip(), None
    _record(session, "access.item_problem", item, actor=actor, now=now, reason=item.problem)


def mark_submitted(session: Session, item: AccessItem, *, now: datetime) -> None:
    """This will put an item back for checking, such as after an answer that came another way."""
    _submit(item, now=now)
    session.flush()


def mark_verified(session: Session, item: AccessItem, *, actor: Actor, now: datetime) -> None:
    """This will record that an item was checked and is right.

    :raises NotSubmitted: when there is nothing to check
    """
    if item.state is not ItemState.SUBMITTED:
        raise NotSubmitted(f"“{item.label}” cannot be confirmed: nothing was sent that is not checked already.")
    item.state, item.verified_at = ItemState.VERIFIED, now
    _record(session, "access.item_verified", item, actor=actor, now=now)


def reveal(session: Session, secret: Secret, *, reason: str, actor: Actor, now: datetime, vault: Vault) -> Revealed:
    """This will open a secret for a member of staff, for as long as the desk's policy allows, and keep who and why.

    :param secret: with its `item` loaded
    :raises NotFound: for anybody but staff
    :raises ReasonMissing: without a reason
    :raises SecretGone: when it is destroyed
    """
    if not actor.is_staff or actor.person_id is None:
        raise NotFound("There is no such secret.")
    if not reason.strip():
        raise ReasonMissing("Give a reason: the customer sees who looked and why.")
    if secret.sealed is None:
        raise SecretGone("Our copy is destroyed. Ask the customer to send it again.")
    revealed = Revealed(vault.open(secret.sealed), now + timedelta(seconds=migration_desk().reveal_seconds))
    session.add(
        Reveal(
            secret_id=secret.id,
            person_id=actor.person_id,
            reason=reason.strip(),
            revealed_at=now,
            hidden_at=revealed.hidden_at,
        )
    )
    _record(session, "secret.revealed", secret.item, actor=actor, now=now, reason=reason.strip(), field=secret.field)
    return revealed


def reseal_all(session: Session, vault: Vault) -> int:
    """This will seal every standing secret under the newest key and return how many there were.

    :raises SealBroken: when one was sealed under a key that is gone
    """
    standing = select(Secret).where(Secret.destroyed_at.is_(None)).order_by(Secret.id).with_for_update()
    count = 0
    for secret in session.scalars(standing.execution_options(yield_per=RESEAL_BATCH)):
        if secret.sealed is not None:
            secret.sealed = vault.reseal(secret.sealed)
            count += 1
    session.flush()
    return count


def _given(order: Order, kind: ItemKind, side: Side, *, now: datetime) -> dict[str, object]:
    address = order.source_address if side is Side.SOURCE else order.target_address
    if kind is ItemKind.SITE_ADDRESS and address:
        try:
            return {
                "state": ItemState.SUBMITTED,
                "open_fields": cleaned(kind, {"address": address}),
                "submitted_at": now,
                "problem": "",
            }
        except UnusableDetails:
            pass
    return {"state": ItemState.NOT_STARTED, "open_fields": {}, "problem": ""}


def _submit(item: AccessItem, *, now: datetime) -> None:
    item.state, item.submitted_at, item.verified_at, item.problem = ItemState.SUBMITTED, now, None, ""


def _reopen_if_needed(item: AccessItem, secret: Secret) -> None:
    needed = any(spec.name == secret.field and spec.required for spec in FIELDS[item.kind])
    if needed and item.state is ItemState.SUBMITTED:
        item.state, item.submitted_at = ItemState.NOT_STARTED, None


def _destroy(secret: Secret, reason: str, *, now: datetime) -> None:
    secret.sealed, secret.destroyed_at, secret.destroyed_reason = None, now, reason


def _record(
    session: Session, verb: str, item: AccessItem, *, actor: Actor, now: datetime, reason: str = "", **facts: str
) -> None:
    record(
        session,
        verb,
        subject="access_item",
        key=item.id,
        actor=actor,
        now=now,
        order_id=item.order_id,
        reason=reason,
        facts={"item": item.label, **facts},
    )
