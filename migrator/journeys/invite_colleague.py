"""A customer asks a colleague to join: the invitation and its e-mail exist together or not at all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.accounts.invitation_operations import INVITATION_DAYS, invite
from migrator.accounts.models import Invitation, Organisation
from migrator.history.actor import Actor
from migrator.notifications.operations import owe_to_address


def invite_colleague(session: Session, *, organisation_id: int, email: str, actor: Actor, now: datetime) -> Invitation:
    """This will invite an address into the organisation and owe it the e-mail with the link.

    :raises AlreadyHere: when a colleague has that address
    """
    invitation = invite(session, organisation_id=organisation_id, email=email, actor=actor, now=now)
    owe_to_address(
        session,
        kind="invitation",
        cause=f"invitation:{invitation.id}",
        address=invitation.email,
        context={
            "organisation": session.get_one(Organisation, organisation_id).name,
            "invited_by": actor.name,
            "path": f"/invitations/{invitation.token}",
            "days": INVITATION_DAYS,
        },
        now=now,
    )
    return invitation
