"""The six digits that show where an order stands to somebody who reads one of its people's mail. Pure.

Nothing is kept of a code: it follows from our key, the order, the address and the request, until its time is over.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

LASTS = timedelta(minutes=10)
DIGITS = 6


def code_for(request: str, *, number: str, address: str, key: str) -> str:
    """This will return the code of a request.

    :param request: what names the request and its time, and nobody can choose
    """
    said = "\n".join(("order-code", request, number, address)).encode()
    value = int.from_bytes(hmac.digest(key.encode(), said, sha256)[:8])
    return f"{value % 10**DIGITS:0{DIGITS}}"


def is_right(typed: str, code: str) -> bool:
    """This will tell whether a code was typed right; spaces do not matter, nor how much of it is right."""
    return hmac.compare_digest("".join(typed.split()).encode(), code.encode())


def is_over(asked_at: datetime, *, now: datetime) -> bool:
    """This will tell whether the time of a code is over."""
    return not asked_at <= now < asked_at + LASTS
