"""The states of an access item. Pure."""

from __future__ import annotations

from enum import StrEnum


class ItemKind(StrEnum):
    """What an access item is. `INFORMATION` is a question of ours that the customer answers in words."""

    SITE_ADDRESS = "site_address"
    FTP = "ftp"
    ADMIN_LOGIN = "admin_login"
    BRIDGE = "bridge"
    API_TOKEN = "api_token"
    DATABASE_DUMP = "database_dump"
    INFORMATION = "information"


class ItemState(StrEnum):
    """Where an access item stands."""

    NOT_STARTED = "not_started"
    SUBMITTED = "submitted"
    PROBLEM = "problem"
    VERIFIED = "verified"


STATE_WORDS = {
    ItemState.NOT_STARTED: "Not started",
    ItemState.SUBMITTED: "Sent – we check it",
    ItemState.PROBLEM: "There is a problem",
    ItemState.VERIFIED: "Checked",
}
