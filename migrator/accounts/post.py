"""The post office that Flask-Security is given: each of its messages becomes an owed row with our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from flask import Flask, url_for
from flask_security import MailUtil
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.database.base import db

# The token that Flask-Security gives a message, and the page that takes it.
LINKS = {
    "account_confirm": ("confirmation_token", "security.confirm_email"),
    "account_reset": ("reset_token", "security.reset_password"),
    "account_new_address": ("token", "security.change_email_confirm"),
}


class OweToAddress(Protocol):
    """Writes a message from the templates of its kind into the outbox, within the session's transaction."""

    def __call__(
        self,
        session: Session,
        *,
        kind: str,
        cause: str,
        address: str,
        context: Mapping[str, object],
        now: datetime,
        person_id: int | None = None,
        order_id: int | None = None,
    ) -> object:
        """This will write the message."""


def post_office(owe: OweToAddress, *, now: Callable[[], datetime]) -> type[MailUtil]:
    """This will return the class that Flask-Security sends its messages with."""

    class Outbox(MailUtil):
        """Addresses in lower case, messages as rows."""

        def __init__(self, app: Flask) -> None:
            super().__init__(app)

        def normalize(self, email: str) -> str:
            """This will return the address in the form in which it is stored."""
            return str(super().normalize(email)).lower()

        def validate(self, email: str) -> str:
            """This will return the address in the form in which it is stored."""
            return str(super().validate(email)).lower()

        def send_mail(self, template: str, _subject: object, recipient: Any, *_ready: object, **context: Any) -> None:  # type: ignore[override]
            """This will owe a message; its words come from the templates of its kind, not from Flask-Security."""
            person: Person = context["user"]
            owe(
                db.session(),
                kind=template,
                cause=f"{template}:{uuid4().hex}",
                address=recipient,
                context={"name": person.name, **_link(template, context)},
                now=now(),
                person_id=person.id,
            )

    return Outbox


def _link(template: str, context: Mapping[str, Any]) -> dict[str, str]:
    # The path alone: the host comes from the settings, never from the request, which anybody can forge.
    if template not in LINKS:
        return {}
    token, endpoint = LINKS[template]
    return {"path": url_for(endpoint, token=context[token])}
