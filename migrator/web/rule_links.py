"""Where a rule can be read: at its promise on the policy page, or among the rules of what we do (RULES C-001)."""

from __future__ import annotations

from functools import cache

from flask import url_for

from migrator.fulfilment.windows.models import WindowKind
from migrator.orders.models import Order
from migrator.policy.documents import Desk, document
from migrator.policy.loading import CURRENT
from migrator.policy.scope import Covered, profile_of
from migrator.policy.types import Family, Tier

DELIVERIES = ("access-check", "assisted", "package", "ultimate")
WINDOWS = {
    WindowKind.REVIEW: "review",
    WindowKind.CHANGES: "changes",
    WindowKind.INSURANCE: "insurance",
    WindowKind.ACCESS: "access-destroyed",
}


def anchor_url(desk: Desk, anchor: str, *, version: str = "") -> str:
    """This will return the address of a promise on the policy page.

    :param version: that counts for what is spoken of (RULES D-8); empty for the one that holds today
    """
    if version:
        return url_for("policies.policy_version", desk=desk.value, version=version, _anchor=anchor)
    return url_for("policies.policy", desk=desk.value, _anchor=anchor)


def rule_url(desk: Desk, rule: str, *, version: str = "") -> str:
    """This will return the address of the promise that a rule stands behind; empty where no promise states it."""
    anchor = _anchors(desk, version or CURRENT).get(rule, "")
    return anchor_url(desk, anchor, version=version) if anchor else ""


def scope_rule_url(product: Covered, rule: str) -> str:
    """This will return the address of the rule that a verdict follows from: each stands on the policy page."""
    desk = Desk(profile_of(product).value)
    return rule_url(desk, rule) or anchor_url(desk, scope_anchor(rule))


def scope_anchor(rule: str) -> str:
    """This will return the anchor of a rule of what we do."""
    return f"rule-{rule}"


def delivery_url(order: Order) -> str:
    """This will return the address of the promise behind an order's date, in the version that it was bought under."""
    checked, assisted, package, ultimate = DELIVERIES
    if order.verified_at is None or order.family is Family.SELF_SERVICE:
        anchor = checked
    elif order.family is Family.ASSISTED:
        anchor = assisted
    else:
        anchor = ultimate if order.tier is Tier.ULTIMATE else package
    return anchor_url(Desk.MIGRATION, anchor, version=order.terms.policy_version)


def window_url(kind: WindowKind, order: Order) -> str:
    """This will return the address of the promise behind a window after the full migration."""
    return anchor_url(Desk.MIGRATION, WINDOWS[kind], version=order.terms.policy_version)


@cache
def _anchors(desk: Desk, version: str) -> dict[str, str]:
    # Two promises may follow from one rule; the first one says it.
    return {promise.rule: promise.anchor for promise in reversed(document(desk, version).promises)}
