"""The numbers that people read, type and say: `MIG-7F3K-2`, the last character checking the others (RULES C-028).

The 31 characters leave out those that are taken for each other (0 and O, 1, I and L). 31 is prime, so that weights
which all differ notice every mistyped character and every exchange of two.
"""

from __future__ import annotations

import re
import secrets
from itertools import count

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from migrator.orders.models import Order
from migrator.orders.quote_models import Quote

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ORDER_PREFIX = "MIG"
QUOTE_PREFIX = "QUO"
FEWEST_CHARACTERS = 4
MOST_CHARACTERS = 12
TRIES_OF_EACH_LENGTH = 5
BODY = rf"([{ALPHABET}]{{4,{MOST_CHARACTERS}}})-([{ALPHABET}])"
SHAPE = re.compile(rf"(?:{ORDER_PREFIX}|{QUOTE_PREFIX})-{BODY}")
NUMBERS: dict[str, InstrumentedAttribute[str]] = {ORDER_PREFIX: Order.number, QUOTE_PREFIX: Quote.number}


def new_number(session: Session, prefix: str = ORDER_PREFIX) -> str:
    """This will return a number that nothing has yet; where the short ones are crowded it is longer by a character."""
    return unused_number(session, prefix, NUMBERS[prefix])


def unused_number(session: Session, prefix: str, column: InstrumentedAttribute[str]) -> str:
    """This will return a number with that prefix that no row of the column has yet."""
    for attempt in count():
        length = FEWEST_CHARACTERS + attempt // TRIES_OF_EACH_LENGTH
        body = "".join(secrets.choice(ALPHABET) for _ in range(length))
        number = f"{prefix}-{body}-{check_character(body)}"
        taken: ColumnElement[bool] = column == number
        if session.scalar(select(column).where(taken)) is None:
            return number
    raise AssertionError("count() never ends")


def read_number(text: str) -> str:
    """This will return what a person typed in the form that is kept: upper case, without what cannot be seen."""
    return "".join(character for character in text if character.isprintable() and not character.isspace()).upper()


def is_well_formed(text: str, shape: re.Pattern[str] = SHAPE) -> bool:
    """This will tell whether the text is a number whose check character is right; case and spaces do not matter.

    :param shape: of the whole number, with its middle and its check character as groups
    """
    match = shape.fullmatch(read_number(text))
    return match is not None and check_character(match.group(1)) == match.group(2)


def check_character(body: str) -> str:
    """This will return the character that makes the weighted sum of all divisible by 31; its own weight is 1."""
    weighted = sum(weight * ALPHABET.index(character) for weight, character in enumerate(reversed(body), start=2))
    return ALPHABET[-weighted % len(ALPHABET)]
