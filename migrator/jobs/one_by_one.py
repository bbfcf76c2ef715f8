"""Working through rows that depend on the payment provider, so that one never holds up the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from migrator.payments.gateway import GatewayUnreachable

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], settle: Callable[[Row], None]) -> bool:
    """This will settle each row, and tell whether the provider could be asked about all of them."""
    for row in rows:
        try:
            settle(row)
        except GatewayUnreachable as unreachable:
            log.warning("Payments wait: %s", unreachable)
            return False
        except Exception:
            # One that cannot be settled must not hold up the others; it is tried again with the next look.
            log.exception("A payment could not be settled.")
    return True
