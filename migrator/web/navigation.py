"""What stands in the head of each page: places, alone or in groups that unfold. A new page is added here.

A group shows only the places that its reader may enter; with one of them left it is that place, with none it is absent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.history.actor import STAFF, Role

DESK = frozenset({Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR})
MONEY = frozenset({Role.FINANCE, Role.ADMINISTRATOR})
HOUSE = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Place:
    """A page that people go to by its name; `roles` are the staff who may enter, none for places without staff."""

    label: str
    url: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one name."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page shows: a link, or a name with links below it; `is_current` where the reader is."""

    label: str
    url: str
    is_current: bool
    below: tuple[Entry, ...] = ()


HELP = Group(
    "Help",
    (
        Place("Do you do this?", "/do-you-do-this"),
        Place("How we count", "/how-we-count"),
        Place("What we promise", "/policies/"),
        Place("Contact", "/contact"),
        Place("News", "/news"),
        Place("Ideas", "/ideas"),
        Place("How we are doing", "/status"),
    ),
)
VISITORS = (Place("Move your website", "/start"), HELP)
CUSTOMERS = (
    Place("My orders", "/orders"),
    Place("Support", "/support"),
    Place("Invoices", "/invoices"),
    Place("Move a website", "/start"),
    HELP,
)
# Whoever has hosting with us finds it in the head; all others read of it on the page itself.
HOSTED = (*CUSTOMERS[:2], Place("Hosting", "/hosting"), *CUSTOMERS[2:])
OUR_OWN = (
    Place("Today", "/desk", DESK),
    Group(
        "Tickets",
        (
            Place("Tickets", "/desk/tickets", DESK),
            Place("Mail", "/desk/mail", DESK),
            Place("Chat", "/desk/chat", DESK),
            Place("Stops", "/desk/stops", DESK),
        ),
    ),
    Group(
        "Orders",
        (
            Place("Quotes", "/desk/quotes", DESK),
            Place("Messages", "/desk/messages", DESK),
            Place("Non-profit", "/desk/nonprofit", DESK),
        ),
    ),
    Group(
        "Hosting",
        (
            Place("Instances", "/desk/hosting/instances", DESK),
            Place("Restores", "/desk/hosting/restores", DESK),
            Place("Maintenance", "/desk/hosting/maintenance", DESK),
        ),
    ),
    Group(
        "Money",
        (
            Place("What does not fit", "/finance", MONEY),
            Place("Payouts", "/finance/payouts", MONEY),
            Place("Insurance", "/finance/insurance", MONEY),
            Place("Ledger", "/finance/ledger", MONEY),
            Place("Reconciliation", "/finance/reconciliation", MONEY),
            Place("Months", "/finance/months", MONEY),
            Place("Exports", "/finance/exports", MONEY),
            Place("Money by month", "/finance/reports", MONEY),
            Place("Payments", "/desk/payments", MONEY),
            Place("Refunds", "/finance/refunds", MONEY),
            Place("Disputes", "/finance/disputes", MONEY),
        ),
    ),
    Place("Reports", "/desk/reports", STAFF),
    Group(
        "Published",
        (
            Place("News", "/admin/news", DESK),
            Place("Closures", "/admin/closures", DESK),
            Place("Ideas", "/desk/ideas", DESK),
            Place("Calendars", "/admin/calendars", HOUSE),
            Place("What we do", "/admin/scope", HOUSE),
        ),
    ),
    Group(
        "House",
        (
            Place("Background work", "/desk/jobs", DESK),
            Place("Staff", "/admin/staff", HOUSE),
        ),
    ),
)
NAVIGATION: dict[Role | None, tuple[Place | Group, ...]] = {
    None: VISITORS,
    Role.CUSTOMER: CUSTOMERS,
    **dict.fromkeys(STAFF, OUR_OWN),
}


def navigation_for(role: Role | None, path: str, *, has_hosting: bool = False) -> tuple[Entry, ...]:
    """This will return what stands in the head of the page at `path` for somebody of that role.

    :param has_hosting: whether it is a customer with an instance
    """
    parts = HOSTED if has_hosting and role is Role.CUSTOMER else NAVIGATION[role]
    return tuple(_entries(parts, role, path))


def home_of(role: Role) -> str:
    """This will return the address of the first page of a role's work."""
    first = navigation_for(role, "")[0]
    return first.below[0].url if first.below else first.url


def is_current(url: str, path: str) -> bool:
    """This will say whether the page at `path` is that place or lies below it."""
    return path == url or (url not in {"/", "/desk", "/finance"} and path.startswith(f"{url}/"))


def _entries(parts: Iterable[Place | Group], role: Role | None, path: str) -> Iterable[Entry]:
    for part in parts:
        if isinstance(part, Group):
            yield from _unfolding(part, role, path)
        elif not part.roles or role in part.roles:
            yield Entry(part.label, part.url, is_current(part.url, path))


def _unfolding(group: Group, role: Role | None, path: str) -> tuple[Entry, ...]:
    below = tuple(_entries(group.places, role, path))
    if len(below) < 2:
        return below
    return (Entry(group.label, "", any(entry.is_current for entry in below), below),)
