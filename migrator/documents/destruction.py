"""The destruction certificate: what we stored, who looked at it and why, and when it was destroyed. Pure.

(RULES C-082 to C-084)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from migrator.access.fields import FIELDS
from migrator.access.models import AccessItem, Secret
from migrator.clock.wording import counted_text, place_text
from migrator.documents.setting import Sheet
from migrator.documents.wording import moment
from migrator.orders.models import Order


def destruction(
    order: Order, items: Sequence[AccessItem], *, names: Mapping[int, str], rules: Mapping[datetime, str]
) -> Sheet:
    """This will certify that nothing secret of the order is left with us.

    :param order: with its people and calendar
    :param items: with secrets, looks at them and who looked
    :param names: who saved secrets and told us that they changed them, by their ids
    :param rules: the rule by which what was destroyed at an instant was destroyed, where it happened by itself
    """
    zone = order.calendar_row.zone
    kept = [item for item in items if item.secrets]
    gone = [secret.destroyed_at for item in kept for secret in item.secrets if secret.destroyed_at]
    return Sheet(
        title="Destruction certificate",
        number=order.number,
        made_at=max(gone),
        zone=zone,
        facts={
            "lead": (
                "Migrator certifies that every copy of the passwords, tokens and keys given to it for this order is "
                "destroyed. They were kept encrypted, and only as listed here."
            ),
            "rows": [
                ("Order", f"{order.number}, {order.terms.product_name}"),
                ("For", order.organisation.name),
                ("Times", f"{place_text(zone)} time"),
                ("Destroyed", _count(len(gone))),
                ("The last of them", moment(max(gone), zone)),
            ],
            "items": [_item(item, order, names, rules) for item in kept],
        },
    )


def _count(secrets: int) -> str:
    return "1 copy" if secrets == 1 else f"{secrets} copies"


def _item(item: AccessItem, order: Order, names: Mapping[int, str], rules: Mapping[datetime, str]) -> dict[str, Any]:
    zone = order.calendar_row.zone
    changed = ""
    if item.changed_at:
        who = names.get(item.changed_by_id or 0, "the customer")
        changed = f"Changed or blocked on the site itself, as {who} told us on {moment(item.changed_at, zone)}."
    return {
        "label": item.label,
        "changed": changed,
        "secrets": [(*_kept(item, secret, names, zone), _destroyed(secret, order, rules)) for secret in item.secrets],
    }


def _kept(item: AccessItem, secret: Secret, names: Mapping[int, str], zone: str) -> tuple[str, ...]:
    label = next((spec.label for spec in FIELDS[item.kind] if spec.name == secret.field), secret.field)
    looks = [f"{look.person.display_name}, {moment(look.revealed_at, zone)}: {look.reason}" for look in secret.reveals]
    saved = f"{moment(secret.saved_at, zone)}, by {names.get(secret.saved_by_id, 'the customer')}"
    return label, saved, "\n".join(looks) or "By nobody"


def _destroyed(secret: Secret, order: Order, rules: Mapping[datetime, str]) -> str:
    said = f"{moment(secret.destroyed_at, order.calendar_row.zone)}, {secret.destroyed_reason}"
    rule = rules.get(secret.destroyed_at, "") if secret.destroyed_at else ""
    if not rule:
        return said
    days = counted_text(order.terms.purge_calendar_days, "day")
    return f"{said} (rule {rule}: our copy goes {days} after the full migration)"
