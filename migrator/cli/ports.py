"""Whether somebody listens on this machine, and whether it answers."""

from __future__ import annotations

import socket
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from migrator.errors import DomainError

LOCAL = "127.0.0.1"
ANSWERS_WITHIN_SECONDS = 2


class PortTaken(DomainError):
    """Another program listens where one of ours should."""


def is_taken(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(ANSWERS_WITHIN_SECONDS)
        return probe.connect_ex((LOCAL, port)) == 0


def answers(port: int, path: str) -> bool:
    """Whether an address at a port of this machine answers as it should."""
    connection = HTTPConnection(LOCAL, port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
