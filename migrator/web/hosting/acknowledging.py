"""The tick under a first request to the hosting desk (RULES M-002), shared by its forms."""

from __future__ import annotations

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField

from migrator.hosting.queries import has_acknowledged
from migrator.policy.support import support_policy
from migrator.support.categories import Desk
from migrator.web.request import person


class HostingForm(FlaskForm):  # type: ignore[misc]
    """A form that may ask whether the policy was read; its token makes a second press harmless."""

    token = HiddenField()
    acknowledged = BooleanField("I have read the hosting desk’s policy")


def asks_to_read(session: Session) -> bool:
    """This will tell whether the signed-in customer has yet to read the policy of today."""
    return not has_acknowledged(session, person().id, support_policy(Desk.HOSTING).version)
