"""Delivering the messages that are owed: claim one and commit, hand it over, record what became of it."""

from __future__ import annotations

from migrator.clock.source import Clock
from migrator.database.session import transaction
from migrator.notifications.delivery import claim_next, record_failure, record_given_up, record_sent
from migrator.notifications.gateway import Letter, NeverTaken, NotTaken, Postman, ServerUnreachable


def deliver_messages(postman: Postman, clock: Clock) -> int:
    """This will deliver what is due, one letter after the other, and return how many left.

    It stops early where no mail server answers; the rest stays due.
    """
    sent = 0
    while letter := _claim(clock):
        try:
            sent += _deliver(letter, postman=postman, clock=clock)
        except ServerUnreachable:
            break
    return sent


def _claim(clock: Clock) -> Letter | None:
    with transaction() as session:
        return claim_next(session, now=clock.now())


def _deliver(letter: Letter, *, postman: Postman, clock: Clock) -> int:
    try:
        postman.send(letter)
    except NeverTaken as refusal:
        with transaction() as session:
            record_given_up(session, letter.owed_id, error=str(refusal))
        return 0
    except NotTaken as refusal:
        with transaction() as session:
            record_failure(session, letter.owed_id, error=str(refusal), now=clock.now())
        if isinstance(refusal, ServerUnreachable):
            raise
        return 0
    with transaction() as session:
        record_sent(session, letter.owed_id, now=clock.now())
    return 1
