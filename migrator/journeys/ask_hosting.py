"""A customer asks the hosting desk about an instance: a restore or a performance review, each with its ticket."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.clock.wording import day_text, end_text, place_text
from migrator.errors import DomainError
from migrator.hosting.models import HostingInstance, Restore
from migrator.hosting.operations import acknowledge, ask_restore, restore_asked_with
from migrator.hosting.queries import has_acknowledged
from migrator.hosting.restore_rules import KIND_WORDS, RestoreKind, Wish, check_wish
from migrator.journeys.open_request import opened
from migrator.policy.hosting import hosting_policy
from migrator.policy.support import support_policy
from migrator.support.categories import Category, Channel, Desk
from migrator.support.models import Ticket, TicketOpening
from migrator.support.opening import Request, Sender, open_ticket
from migrator.support.queries import ticket_opened_with


class PolicyUnread(DomainError):
    """Before the first request to the hosting desk its policy is read (RULES M-002)."""


def accept_policy(session: Session, person: Person, *, acknowledged: bool, now: datetime) -> None:
    """This will keep that the policy of today was read, and refuse a first request without it (RULES M-002).

    :raises PolicyUnread: when it was neither read before nor now
    """
    version = support_policy(Desk.HOSTING).version
    if acknowledged:
        acknowledge(session, person, version=version, now=now)
    elif not has_acknowledged(session, person.id, version):
        raise PolicyUnread("Read the hosting desk’s policy, then tick that you have.")


def ask_for_restore(
    session: Session,
    instance: HostingInstance,
    wish: Wish,
    *,
    person: Person,
    acknowledged: bool,
    token: str,
    now: datetime,
) -> Restore:
    """This will write down what is to be brought back, with a request at the hosting desk (RULES M-006 to M-013).

    :param instance: of the person's organisation
    :param token: of the form that was sent; a second press of its button returns the first restore
    :raises PolicyUnread: for a first request without the policy
    :raises PartOfDatabase: for a part of a database, naming the copy
    :raises NoCopyOfThatDay: for a day outside the last seven
    :raises FilesMissing: for some files without their names
    :raises OwnBackupMissing: without the own backup's day
    """
    if asked := restore_asked_with(session, token, person):
        return asked
    days = hosting_policy(instance.policy_version).backup_days
    kind = check_wish(wish, now=now, zone=instance.host_zone, days=days)
    accept_policy(session, person, acknowledged=acknowledged, now=now)
    assert wish.wanted_on is not None
    assert wish.own_backup_on is not None, "checked by the rule"
    restore = ask_restore(
        session,
        instance,
        kind,
        paths=wish.paths,
        wanted_on=wish.wanted_on,
        own_backup_on=wish.own_backup_on,
        person=person,
        token=token,
        days=days,
        now=now,
    )
    subject = f"{KIND_WORDS[kind]} of {instance.name} from {day_text(restore.wanted_on)}"
    ticket = ask_about(
        session, instance, Category.RESTORE, subject=subject, body=_words(restore, instance), person=person, now=now
    )
    restore.ticket_id = ticket.id
    session.flush()
    return restore


def ask_for_review(
    session: Session,
    instance: HostingInstance,
    *,
    words: str,
    person: Person,
    acknowledged: bool,
    token: str,
    now: datetime,
) -> Ticket:
    """This will ask for a performance review of an instance (RULES M-025).

    :param token: of the form that was sent; a second press of its button returns the first ticket
    :raises PolicyUnread: for a first request without the policy
    :raises WordsMissing: without words
    """
    if already := ticket_opened_with(session, token, person.id):
        return already
    accept_policy(session, person, acknowledged=acknowledged, now=now)
    subject = f"Performance review of {instance.name}"
    ticket = ask_about(session, instance, Category.PERFORMANCE, subject=subject, body=words, person=person, now=now)
    session.add(TicketOpening(token=token, person_id=person.id, ticket_id=ticket.id))
    session.flush()
    return ticket


def ask_about(
    session: Session,
    instance: HostingInstance,
    category: Category,
    *,
    subject: str,
    body: str,
    person: Person,
    now: datetime,
) -> Ticket:
    """This will open a request at the hosting desk about an instance, under the clock of its plan (RULES M-018)."""
    request = Request(Desk.HOSTING, category, Channel.PORTAL, subject=subject, body=body)
    ticket, message = open_ticket(session, request, sender=Sender(person), instance=instance, now=now)
    return opened(session, ticket, message, now=now)


def _words(restore: Restore, instance: HostingInstance) -> str:
    gone = f"{end_text(restore.gone_at, instance.host_zone)} {place_text(instance.host_zone)}"
    lines = [
        f"{KIND_WORDS[restore.kind]}, from the copy of {day_text(restore.wanted_on)}. That copy disappears at {gone}."
    ]
    if restore.kind is RestoreKind.FILES_PART:
        lines.append(f"Files:\n{restore.paths}")
    lines.append(f"Own backup of {day_text(restore.own_backup_on)}.")
    return "\n\n".join(lines)
