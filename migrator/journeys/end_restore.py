"""Our people end a restore: done, done in part or not possible; the customer is told, and the request answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.accounts.queries import standing_in_for
from migrator.clock.wording import day_text, end_text, place_text
from migrator.hosting.models import Restore
from migrator.hosting.operations import end_restore
from migrator.hosting.restore_rules import KIND_WORDS, STATE_WORDS, RestoreState
from migrator.notifications.operations import owe
from migrator.policy.hosting import hosting_policy
from migrator.support.categories import Channel
from migrator.support.lifecycle import TicketState
from migrator.support.operations import reply
from migrator.support.queries import ticket_with_id


def finish_restore(
    session: Session,
    restore: Restore,
    state: RestoreState,
    *,
    outcome: str,
    copy_address: str,
    person: Person,
    now: datetime,
) -> None:
    """This will end a restore, answer its request with the same words, and write to who asked (RULES M-012, M-013).

    :param restore: locked, with its instance
    :raises RestoreEnded: when it has ended
    :raises OutcomeMissing: without words for what was not done, or without the link of a copy
    """
    days = hosting_policy(restore.instance.policy_version).copy_link_days
    end_restore(
        session, restore, state, outcome=outcome, copy_address=copy_address, copy_days=days, person=person, now=now
    )
    words = outcome_words(restore)
    if restore.ticket_id is not None:
        ticket = ticket_with_id(session, restore.ticket_id, for_update=True)
        if ticket.state not in {TicketState.CLOSED, TicketState.MERGED}:
            reply(session, ticket, body=words, author=person, channel=Channel.PORTAL, now=now)
    for reader in standing_in_for(session, session.get_one(Person, restore.asked_by_id)):
        owe(
            session,
            kind="restore_ended",
            cause=f"restore:{restore.id}",
            recipient=reader,
            order_id=None,
            context={
                "restore": restore,
                "instance": restore.instance,
                "state": STATE_WORDS[restore.state],
                "words": words,
            },
            now=now,
        )


def outcome_words(restore: Restore) -> str:
    """This will return how a restore ended, as the customer reads it; its instance is loaded."""
    what = f"{KIND_WORDS[restore.kind]} of {restore.instance.name}, from the copy of {day_text(restore.wanted_on)}"
    parts = [f"{what}: {STATE_WORDS[restore.state].lower()}."]
    if restore.outcome:
        parts.append(restore.outcome)
    if restore.copy_until_at is not None:
        zone = restore.instance.host_zone
        until = f"{end_text(restore.copy_until_at, zone)} {place_text(zone)}"
        parts.append(f"Fetch the copy from {restore.copy_address} until {until}.")
    return "\n\n".join(parts)
