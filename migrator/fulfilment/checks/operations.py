"""Recording what was checked, and the plug-ins. Each change is a history row; flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.fulfilment.checks.models import Check, CheckList, Plugin
from migrator.fulfilment.checks.queries import checks_of
from migrator.fulfilment.checks.rules import Finding, PluginMisnamed, label_of, plugin_name, refuse_findings
from migrator.history.operations import record
from migrator.orders.models import Order


def record_checks(
    session: Session,
    order: Order,
    which: CheckList,
    *,
    findings: Mapping[str, Finding],
    person: Person,
    now: datetime,
) -> int:
    """This will keep what items of a list were found to be, and return how many of them changed (RULES C-055c, C-055h).

    :param order: held
    :param findings: by the key of the item; what is not named stays as it is
    :raises NotCheckedNow: when the list is not open in the order's state
    :raises NoSuchCheck: for an item that is not on the list
    :raises NotesMissing: for a failure without its words
    """
    refuse_findings(which, findings, state=order.state)
    standing = checks_of(session, order.id, which)
    changed = []
    for key, finding in findings.items():
        check = standing.get(key) or Check(order_id=order.id, list=which, key=key)
        old = check.outcome, check.note or ""
        if old == (finding.outcome, finding.note.strip()):
            continue
        check.outcome, check.note = finding.outcome, finding.note.strip()
        check.person_id, check.checked_at = person.id, now
        session.add(check)
        changed.append(_told(which, check, old))
    session.flush()
    if changed:
        _record(session, "checks.recorded", order, person=person, now=now, facts={"list": which, "items": changed})
    return len(changed)


def note_plugin(session: Session, order: Order, *, name: str, entity: str, person: Person, now: datetime) -> Plugin:
    """This will note a plug-in; with the data that it is the target for, it is a necessary one (RULES C-042).

    :param order: held
    :param entity: what of the data it takes in, such as `forum posts`; may be empty
    :raises PluginMisnamed: without a name, or when it stands on the list already
    """
    called, holds = plugin_name(name), plugin_name(entity)
    if not called:
        raise PluginMisnamed("Enter the plug-in’s name.")
    if session.scalar(select(Plugin.id).where(Plugin.order_id == order.id, Plugin.name == called)):
        raise PluginMisnamed(f"“{called}” is on the list already.")
    plugin = Plugin(order_id=order.id, name=called, entity=holds, is_necessary=bool(holds), noted_at=now)
    session.add(plugin)
    session.flush()
    _record(session, "plugin.noted", order, person=person, now=now, facts={"item": called, "entity": holds})
    return plugin


def mark_installed(session: Session, order: Order, plugin: Plugin, *, person: Person, now: datetime) -> None:
    """This will record that a plug-in of the order is installed; a second time changes nothing."""
    if plugin.installed_at is not None:
        return
    plugin.installed_at, plugin.installed_by_id = now, person.id
    session.flush()
    _record(session, "plugin.installed", order, person=person, now=now, facts={"item": plugin.name})


def drop_plugin(session: Session, order: Order, plugin: Plugin, *, person: Person, now: datetime) -> None:
    """This will take a plug-in of the order from the list: it was noted by mistake, or the data does without it."""
    session.delete(plugin)
    session.flush()
    _record(session, "plugin.dropped", order, person=person, now=now, facts={"item": plugin.name})


def _told(which: CheckList, check: Check, old: tuple[str | None, str]) -> dict[str, str]:
    return {
        "key": check.key,
        "label": label_of(which, check.key),
        "outcome": check.outcome,
        "note": check.note,
        "old_outcome": old[0] or "",
        "old_note": old[1],
    }


def _record(
    session: Session, verb: str, order: Order, *, person: Person, now: datetime, facts: dict[str, object]
) -> None:
    record(
        session, verb, subject="order", key=order.number, actor=person.actor, now=now, order_id=order.id, facts=facts
    )
