"""What a person does not want to be told, and the links in letters that say so without a sign-in."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from migrator.errors import NotFound
from migrator.notifications.choice_models import OptOut
from migrator.notifications.topics import OF_SEVERAL_TOPICS, TOPICS, Topic

INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
SALT = "letters"


def switched_off(session: Session, person_id: int) -> frozenset[Topic]:
    """This will return what a person does not want."""
    return frozenset(Topic(name) for name in session.scalars(select(OptOut.topic).where(OptOut.person_id == person_id)))


def is_wanted(session: Session, person_id: int, kind: str) -> bool:
    """This will say whether a letter of a kind may be sent; a letter of several topics looks at each itself."""
    topic = TOPICS.get(kind)
    if topic is None or kind in OF_SEVERAL_TOPICS:
        return True
    return topic not in switched_off(session, person_id)


def choose(session: Session, person_id: int, wanted: Collection[Topic], *, now: datetime) -> None:
    """This will keep what a person wants, of all that can be chosen."""
    unwanted = set(Topic) - set(wanted)
    session.execute(delete(OptOut).where(OptOut.person_id == person_id, OptOut.topic.not_in(unwanted)))
    for topic in sorted(unwanted):
        insert = INSERTS[session.get_bind().dialect.name](OptOut)
        chosen = insert.values(person_id=person_id, topic=topic.value, chosen_at=now)
        session.execute(chosen.on_conflict_do_nothing(index_elements=["person_id", "topic"]))


def switch_off(session: Session, person_id: int, topic: Topic, *, now: datetime) -> None:
    """This will switch one topic off; a second time changes nothing."""
    choose(session, person_id, set(Topic) - switched_off(session, person_id) - {topic}, now=now)


def stop_token(person_id: int, topic: Topic) -> str:
    """This will return the secret of the link that switches a topic off without a sign-in."""
    token: str = _signer().dumps([person_id, topic.value])
    return token


def read_stop_token(token: str) -> tuple[int, Topic]:
    """This will return whom and what a link is about.

    :raises NotFound: when it is not one of ours
    """
    try:
        person_id, topic = _signer().loads(token)
        return int(person_id), Topic(topic)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound("This link is not complete. Copy it whole from the letter.") from error


def stop_address(person_id: int | None, kind: str) -> str:
    """This will return the link that a letter of a kind carries; none where it is always sent."""
    topic = TOPICS.get(kind)
    if topic is None or person_id is None:
        return ""
    return f"{current_app.config['BASE_URL']}/letters/{stop_token(person_id, topic)}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
