"""The numbers of tickets: `TIC-7F3K-2`, the last character checking the others, as those of orders."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from migrator.orders.numbers import BODY, is_well_formed, unused_number
from migrator.support.models import Ticket

PREFIX = "TIC"
SHAPE = re.compile(rf"{PREFIX}-{BODY}")


def new_ticket_number(session: Session) -> str:
    """This will return a number that no ticket has yet."""
    return unused_number(session, PREFIX, Ticket.number)


def is_ticket_number(text: str) -> bool:
    """This will tell whether the text is a ticket's number; case and spaces do not matter."""
    return is_well_formed(text, SHAPE)
