"""Writing a new ticket with its first message, its team and its frozen promise. Flushes, never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.calendars.queries import calendar
from migrator.history.actor import SYSTEM, Actor
from migrator.history.operations import record
from migrator.hosting.models import HostingInstance
from migrator.orders.models import Order
from migrator.policy.support import support_policy
from migrator.policy.types import Family, Tier
from migrator.support.categories import TEAMS, Category, Channel, Desk, needs_order
from migrator.support.lifecycle import TicketState
from migrator.support.models import SUBJECT_LENGTH, Side, Ticket, TicketMessage, TicketWatcher
from migrator.support.numbers import new_ticket_number
from migrator.support.queries import has_orders
from migrator.support.request_rules import refuse_channel, words_given
from migrator.support.rules import Dates, dates_of, promised_for, rank_of


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks: a customer of ours, or an address that we do not know (RULES C-026)."""

    person: Person | None = None
    name: str = ""
    address: str = ""

    @property
    def display_name(self) -> str:
        """The name as the thread shows it."""
        return self.person.display_name if self.person else self.name or self.address

    @property
    def actor(self) -> Actor:
        """The sender as the history writes them down."""
        return self.person.actor if self.person else Actor(None, self.display_name, SYSTEM.role)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks, as it reached us."""

    desk: Desk
    category: Category
    channel: Channel
    subject: str
    body: str
    language: str = "en"
    error_text: str = ""
    page_address: str = ""
    expected: str = ""


def open_ticket(
    session: Session,
    request: Request,
    *,
    sender: Sender,
    now: datetime,
    order: Order | None = None,
    plan_minutes: int | None = None,
    instance: HostingInstance | None = None,
    actor: Actor | None = None,
) -> tuple[Ticket, TicketMessage]:
    """This will write a ticket with its first message. The clock starts with the message (RULES C-021, C-023).

    :param order: of the sender's organisation
    :param plan_minutes: the response promise of the hosting plan, where no instance is named (RULES M-018)
    :param instance: of the sender's organisation; its plan says how soon we answer (RULES M-018)
    :param actor: who logged it, where that is not the sender (RULES C-002)
    :raises ChannelNotTaken: on a channel that the desk does not take
    :raises WordsMissing: without a subject or a message
    """
    _wait_for_closures(session)
    policy = support_policy(request.desk)
    refuse_channel(request.channel, taken=policy.channels)
    organisation_id = sender.person.organisation_id if sender.person else None
    minutes = instance.plan.response_minutes if instance else plan_minutes
    promised = promised_for(policy.response_for(request.category), plan_minutes=minutes)
    ticket = Ticket(
        number=new_ticket_number(session),
        desk=request.desk,
        policy_version=policy.version,
        category=request.category,
        team=TEAMS[request.category],
        channel=request.channel,
        language=request.language,
        subject=words_given(request.subject, "Say in a few words what it is about.")[:SUBJECT_LENGTH],
        error_text=request.error_text,
        page_address=request.page_address,
        expected=request.expected,
        organisation_id=organisation_id,
        opened_by_id=sender.person.id if sender.person else None,
        contact_name="" if sender.person else sender.name,
        contact_address="" if sender.person else sender.address,
        order_id=order.id if order else None,
        hosting_instance_id=instance.id if instance else None,
        assignee_id=order.account_manager_id if order else None,
        needs_order=_needs_order(session, request, organisation_id),
        state=TicketState.NEEDS_IDENTIFICATION if organisation_id is None else TicketState.OPEN,
        state_since_at=now,
        opened_at=now,
        asked_at=now,
        firmness=promised.firmness,
        rule=promised.rule,
        calendar_key=promised.calendar or None,
        unit=promised.unit,
        amount=promised.amount,
        amber_amount=promised.amber_amount,
        rank=int(rank_of(request.category, is_premium=is_premium(order))),
    )
    session.add(ticket)
    refresh_dates(session, ticket)
    session.flush()
    message = TicketMessage(
        ticket_id=ticket.id,
        side=Side.CUSTOMER,
        channel=request.channel,
        author_id=ticket.opened_by_id,
        author_name=sender.display_name,
        body=words_given(request.body, "Describe what happens."),
        sent_at=now,
    )
    session.add(message)
    if sender.person is not None:
        session.add(TicketWatcher(ticket_id=ticket.id, person_id=sender.person.id, since_at=now))
    session.flush()
    facts = {"category": request.category.value, "channel": request.channel.value}
    by = actor or sender.actor
    record(session, "ticket.opened", subject="ticket", key=ticket.number, actor=by, now=now, facts=facts)
    return ticket, message


def refresh_dates(session: Session, ticket: Ticket) -> None:
    """This will compute the dates of a ticket anew from its facts (RULES D-7)."""
    # Facts and dates are written together, or the database would refuse what is between them.
    with session.no_autoflush:
        counting = calendar(session, ticket.calendar_key) if ticket.calendar_key else None
    put_dates(ticket, dates_of(counting, ticket.promised, ticket.asked))


def put_dates(ticket: Ticket, dates: Dates) -> None:
    """This will write computed dates to a ticket; a date that has changed is warned of anew."""
    if dates.promise_at != ticket.promise_at:
        ticket.next_warning_at = dates.amber_at
    ticket.respond_by_at, ticket.promise_at, ticket.amber_at = dates.respond_by_at, dates.promise_at, dates.amber_at


def is_premium(order: Order | None) -> bool:
    """This will tell whether a ticket is about an Assisted Premium, which is sorted first (RULES C-041)."""
    return order is not None and order.family is Family.ASSISTED and order.tier is Tier.PREMIUM


def _wait_for_closures(session: Session) -> None:
    # What the ticket's row takes anyway is taken before the calendar is read, so that no closure comes in between.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE tickets IN ROW EXCLUSIVE MODE"))


def _needs_order(session: Session, request: Request, organisation_id: int | None) -> bool:
    # Whoever is not known may have orders: the number is asked for together with the address (RULES C-026, C-028).
    known_to_have = organisation_id is None or has_orders(session, organisation_id)
    return needs_order(request.desk, request.category, has_orders=known_to_have)
