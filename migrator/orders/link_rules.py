"""The addresses of links that open a part of an order without signing in: the link's number, signed. Pure."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from migrator.orders.lifecycle import LinkPurpose

LONGEST_TOKEN = 200
GREATEST_ID = 2**63 - 1


def token_of(link_id: int, purpose: LinkPurpose, *, key: str) -> str:
    """This will return what an address ends with; the same for a link at any time, so that it can be shown again."""
    token: str = _signer(purpose, key).dumps(link_id)
    return token


def link_id_in(token: str, purpose: LinkPurpose, *, key: str) -> int | None:
    """This will return the link that a token names, or none where it was not signed with our key for that purpose."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        found = _signer(purpose, key).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) and 0 < found <= GREATEST_ID else None


def _signer(purpose: LinkPurpose, key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=f"order-link-{purpose}")
