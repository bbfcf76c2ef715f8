"""Which access items an order needs, when one may be changed, and the words for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.access.lifecycle import STATE_WORDS, ItemKind, ItemState
from migrator.errors import DomainError
from migrator.orders.lifecycle import ENDED, OrderState
from migrator.policy.types import Platforms, Side


class NotEditable(DomainError):
    """These access details cannot be changed now."""


class NotComplete(DomainError):
    """Something that is needed is not there yet."""


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """An access item that an order will get."""

    kind: ItemKind
    side: Side
    label: str
    required: bool


SIDE_WORDS = {Side.SOURCE: "old site", Side.TARGET: "new site"}

LABELS = {
    ItemKind.SITE_ADDRESS: "{Site} address",
    ItemKind.FTP: "{Site} FTP or SFTP",
    ItemKind.ADMIN_LOGIN: "{Site} admin login",
    ItemKind.BRIDGE: "Connection bridge on the {site}",
    ItemKind.API_TOKEN: "{Site} API token",
    ItemKind.DATABASE_DUMP: "Database dump of the {site} (only if FTP does not work)",
}

WAITED_FOR = {
    ItemKind.SITE_ADDRESS: "the address of the {site}",
    ItemKind.FTP: "the FTP or SFTP login of the {site}",
    ItemKind.ADMIN_LOGIN: "the admin login of the {site}",
    ItemKind.BRIDGE: "the connection bridge on the {site}",
    ItemKind.API_TOKEN: "the API token of the {site}",
    ItemKind.DATABASE_DUMP: "the database dump of the {site}",
}

EXTRA_PASSWORD = (
    "Your site asks for an extra password before any page (error 401). Switch it off while we work, or ask your "
    "host to let us in without it."
)
FIREWALL = (
    "A firewall refuses us (error 403). Ask your host to let us in, or check the permissions: 755 for the folder and "
    "644 for the files."
)
TOO_LARGE = "Your server refuses large requests (error 413). Ask your host to raise memory_limit and post_max_size."

PROBLEM_SENTENCES: dict[ItemKind, tuple[str, ...]] = {
    ItemKind.SITE_ADDRESS: (
        "No site answers at this address. Check the spelling, and that the site is switched on.",
        EXTRA_PASSWORD,
        FIREWALL,
    ),
    ItemKind.FTP: (
        "We cannot log in: the password is refused. Set a new one at your host and send it here.",
        "The server does not answer. Check its name and port, and that FTP or SFTP is switched on at your host.",
        "We can log in, but the folder of the site is not there. Give the user the right to read and write it.",
    ),
    ItemKind.ADMIN_LOGIN: (
        "We cannot sign in: the user name or the password is refused. Create a temporary user for us and send it here.",
        "The user has too few rights. Give it the role of an administrator.",
        EXTRA_PASSWORD,
        FIREWALL,
    ),
    ItemKind.BRIDGE: (
        "We find no bridge at this address. Put the folder into the root folder of the site, then send the address.",
        "This bridge was downloaded under another account. Download it under the account of this order and replace it.",
        EXTRA_PASSWORD,
        FIREWALL,
        TOO_LARGE,
    ),
    ItemKind.API_TOKEN: (
        "The token is refused. Create a new one and send it here.",
        "The token has too few rights. Give it the right to read and write everything that is to be moved.",
    ),
    ItemKind.DATABASE_DUMP: (
        "The file cannot be downloaded. Check the link, and that it has not expired.",
        "The file cannot be opened. Check its password, or make the dump again.",
    ),
    ItemKind.INFORMATION: ("We need to know this to go on. Please answer here.",),
}

BEFORE_THE_CHECK = frozenset({OrderState.AWAITING_ACCESS})
WHILE_WE_WORK = frozenset({OrderState.VERIFYING, OrderState.IN_PROGRESS, OrderState.PAUSED})
WORK_IS_OVER = ENDED | {OrderState.IN_REVIEW}
DONE_STATES = frozenset({ItemState.SUBMITTED, ItemState.VERIFIED})


def items_for(source_platform: str, target_platform: str, platforms: Platforms) -> tuple[ItemPlan, ...]:
    """This will plan the access items of an order: the old site's before the new one's, the optional ones last.

    :raises KeyError: for a platform that is not known
    """
    reaches = {
        Side.SOURCE: platforms.named(source_platform).reach,
        Side.TARGET: platforms.named(target_platform).reach,
    }
    needed = [(side, kind, True) for side, reach in reaches.items() for kind in platforms.needs[side][reach]]
    optional = [(side, kind, False) for side, reach in reaches.items() for kind in platforms.optional[side][reach]]
    return tuple(_plan(ItemKind(kind), side, required=required) for side, kind, required in needed + optional)


def waiting_words(kind: ItemKind, side: Side, label: str) -> str:
    """This will name an item so that it fits after “while we waited for”."""
    if kind is ItemKind.INFORMATION:
        return f"your answer about “{label}”"
    return WAITED_FOR[kind].format(site=SIDE_WORDS[side])


def is_editable(order_state: OrderState, item_state: ItemState) -> bool:
    """This will tell whether the customer may change an item: until it was checked, or while it has a problem."""
    if order_state in BEFORE_THE_CHECK:
        return True
    return order_state in WHILE_WE_WORK and item_state is not ItemState.VERIFIED


def refuse_unless_editable(order_state: OrderState, item_state: ItemState) -> None:
    """This will refuse a change to an item that was checked, or of an order that is not being worked on.

    :raises NotEditable: when it may not be changed
    """
    if is_editable(order_state, item_state):
        return
    if item_state is ItemState.VERIFIED:
        raise NotEditable("These details have been checked and we work with them. Write to us if they have changed.")
    raise NotEditable("Access details cannot be sent for this order now.")


def needs_access_no_more(order_state: OrderState) -> bool:
    """This will tell whether the work is done, so that passwords can be changed and our copies go (RULES C-082)."""
    return order_state in WORK_IS_OVER


def missing_labels(items: Iterable[tuple[str, bool, ItemState]]) -> tuple[str, ...]:
    """This will name what is still needed; each item is its label, whether it is required, and its state."""
    return tuple(label for label, required, state in items if required and state not in DONE_STATES)


def state_words(order_state: OrderState, item_state: ItemState) -> str:
    """This will return an item's state for the customer: what was saved is not sent before “Send for checking”."""
    if item_state is ItemState.SUBMITTED and order_state in BEFORE_THE_CHECK:
        return "Completed"
    return STATE_WORDS[item_state]


def _plan(kind: ItemKind, side: Side, *, required: bool) -> ItemPlan:
    site = SIDE_WORDS[side]
    return ItemPlan(kind, side, LABELS[kind].format(site=site, Site=site.capitalize()), required)
