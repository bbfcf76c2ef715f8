"""What people do about what does not fit: look after it, comment, resolve or waive, and agree as the second one.

Flushes, never commits. Every row is held by its caller.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.errors import DomainError
from migrator.finance.covers.operations import keep_premium
from migrator.finance.reconciliation.lifecycle import Code, DiscrepancyState, MatchedKind, MatchRule, ProposalState
from migrator.finance.reconciliation.models import ProviderPayout
from migrator.finance.reconciliation.rules import needs_second_person
from migrator.finance.reconciliation.run_models import Discrepancy, DiscrepancyComment, Match, Proposal
from migrator.history.actor import Actor
from migrator.history.models import Visibility
from migrator.history.operations import record
from migrator.money import Money


class NotOpen(DomainError):
    """It was decided already."""


class NothingProposed(DomainError):
    """Nobody has decided anything that waits for a second person."""


class SamePerson(DomainError):
    """The second person is another one."""


class NotForOurBank(DomainError):
    """What was typed cannot have arrived at the bank."""


def comment_on(session: Session, discrepancy: Discrepancy, body: str, *, person: Person, now: datetime) -> None:
    """This will write a comment beside it."""
    session.add(DiscrepancyComment(discrepancy_id=discrepancy.id, author_id=person.id, body=body, written_at=now))
    session.flush()


def look_after(
    session: Session, discrepancy: Discrepancy, *, owner: Person | None, actor: Actor, now: datetime
) -> None:
    """This will write down who looks after it, or that nobody does."""
    discrepancy.owner_id = owner.id if owner else None
    _record(session, "owned", discrepancy, actor=actor, now=now, facts={"owner": owner.display_name if owner else ""})


def decide(
    session: Session,
    discrepancy: Discrepancy,
    state: DiscrepancyState,
    *,
    reason: str,
    limit_minor: int,
    actor: Actor,
    now: datetime,
) -> bool:
    """This will resolve or waive it, and tell whether that counts: above the limit a second person has to agree.

    :raises NotOpen: when it was decided already
    """
    _refuse_closed(discrepancy)
    discrepancy.reason, discrepancy.resolved_by_id = reason, actor.person_id
    if needs_second_person(discrepancy.amount_minor, limit_minor):
        discrepancy.proposed_state = state
        _record(session, "proposed", discrepancy, actor=actor, now=now, reason=reason, facts={"as": state.value})
        return False
    _close(session, discrepancy, state, now=now)
    _record(session, state.value, discrepancy, actor=actor, now=now, reason=reason)
    return True


def agree(session: Session, discrepancy: Discrepancy, *, actor: Actor, now: datetime) -> None:
    """This will let a decision count that somebody else has made.

    :raises NothingProposed: where there is none
    :raises SamePerson: for the one who made it
    """
    state = _proposed(discrepancy)
    if discrepancy.resolved_by_id == actor.person_id:
        raise SamePerson("You decided this yourself. Somebody else from finance has to agree.")
    discrepancy.approved_by_id, discrepancy.proposed_state = actor.person_id, None
    _close(session, discrepancy, state, now=now)
    _record(session, state.value, discrepancy, actor=actor, now=now, reason=discrepancy.reason)


def take_back(session: Session, discrepancy: Discrepancy, *, actor: Actor, now: datetime) -> None:
    """This will put a decision away that waits for a second person; it stays open.

    :raises NothingProposed: where there is none
    """
    state = _proposed(discrepancy)
    reason = discrepancy.reason
    discrepancy.proposed_state, discrepancy.resolved_by_id, discrepancy.reason = None, None, ""
    _record(session, "not_agreed", discrepancy, actor=actor, now=now, reason=reason, facts={"as": state.value})


def confirm(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> Match:
    """This will make a proposal a match, with the person who confirmed it.

    :raises NotOpen: when it was decided already, or fits no longer
    """
    if session.get(Match, proposal.transaction_id):
        raise NotOpen("This charge was matched meanwhile. Look at what it belongs to now.")
    _end_proposal(proposal, ProposalState.CONFIRMED, actor=actor, now=now)
    match = Match(
        transaction_id=proposal.transaction_id,
        kind=MatchedKind.CHARGE,
        payment_id=proposal.payment_id,
        rule=MatchRule.CONFIRMED,
        inputs=proposal.inputs,
        run_id=proposal.run_id,
        confirmed_by_id=actor.person_id,
    )
    session.add(match)
    _record_proposal(session, "confirmed", proposal, actor=actor, now=now)
    return match


def reject(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """This will put a proposal away for good: the same pair is not proposed again.

    :raises NotOpen: when it was decided already
    """
    _end_proposal(proposal, ProposalState.REJECTED, actor=actor, now=now)
    _record_proposal(session, "rejected", proposal, actor=actor, now=now)


def note_arrival(
    session: Session, payout: ProviderPayout, *, on: date, amount: Money, today: date, actor: Actor, now: datetime
) -> None:
    """This will write down that a payout was seen at the bank, on which day and how much of it.

    :raises NotForOurBank: for a day to come, or one before the payout was made
    """
    if on > today:
        raise NotForOurBank("This day has not come yet. Enter the day of your bank statement.")
    if on < payout.created_at.date():
        raise NotForOurBank("The payout was made later than that. Enter the day of your bank statement.")
    payout.at_bank_on, payout.at_bank_minor = on, amount.minor_units
    record(
        session, "payout.arrived", subject="payout", key=payout.provider_id, actor=actor, now=now,
        visibility=Visibility.STAFF, facts={"on": on.isoformat(), "amount_minor": amount.minor_units},
    )  # fmt: skip


def _refuse_closed(discrepancy: Discrepancy) -> None:
    if discrepancy.state is not DiscrepancyState.OPEN:
        raise NotOpen("This was decided meanwhile. Look at what it says now.")
    if discrepancy.proposed_state is not None:
        raise NotOpen("A decision waits for a second person already. They can agree, or put it away.")


def _proposed(discrepancy: Discrepancy) -> DiscrepancyState:
    if discrepancy.proposed_state is None:
        raise NothingProposed("No decision waits for a second person here any more.")
    return discrepancy.proposed_state


def _close(session: Session, discrepancy: Discrepancy, state: DiscrepancyState, *, now: datetime) -> None:
    is_waived = state is DiscrepancyState.WAIVED
    discrepancy.state, discrepancy.closed_at = state, now
    discrepancy.waived_minor = discrepancy.amount_minor if is_waived else None
    if is_waived and discrepancy.code is Code.WINDOW_NEVER_OPENED and discrepancy.cover_id is not None:
        keep_premium(session, discrepancy.cover_id, reason=discrepancy.reason, now=now)


def _end_proposal(proposal: Proposal, state: ProposalState, *, actor: Actor, now: datetime) -> None:
    if proposal.state is not ProposalState.OPEN:
        raise NotOpen("This proposal was decided meanwhile, or something else fits now.")
    proposal.state, proposal.decided_by_id, proposal.decided_at = state, actor.person_id, now


def _record(
    session: Session,
    deed: str,
    discrepancy: Discrepancy,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: dict[str, str] | None = None,
) -> None:
    record(
        session, f"discrepancy.{deed}", subject="discrepancy", key=discrepancy.id, order_id=discrepancy.order_id,
        actor=actor, now=now, visibility=Visibility.STAFF, reason=reason,
        facts={"code": discrepancy.code.value, "amount_minor": discrepancy.amount_minor, **(facts or {})},
    )  # fmt: skip


def _record_proposal(session: Session, deed: str, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    record(
        session, f"match.{deed}", subject="match", key=proposal.id, actor=actor, now=now,
        visibility=Visibility.STAFF, facts={"transaction": proposal.transaction_id, "payment": proposal.payment_id},
    )  # fmt: skip
