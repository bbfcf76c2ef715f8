"""What people do about their own sign-in, written into the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Flask, session
from flask_login import user_logged_in
from flask_security import (
    change_email_confirmed,
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    user_confirmed,
)

from migrator.accounts.models import Person
from migrator.accounts.post import OweToAddress
from migrator.database.base import db
from migrator.history.operations import record

VERBS = {
    user_confirmed: "person.address_confirmed",
    password_reset: "person.password_reset",
    password_changed: "person.password_changed",
    tf_profile_changed: "person.second_factor_set",
    tf_disabled: "person.second_factor_removed",
}


def register(app: Flask, *, now: Callable[[], datetime], owe: OweToAddress) -> None:
    """This will record what Flask-Security reports, in the transaction in which it happens."""

    def write_down(verb: str) -> Callable[..., None]:
        def write(_app: Flask, *, user: Person, **_facts: Any) -> None:
            record(db.session(), verb, subject="person", key=user.id, actor=user.actor, now=now())

        return write

    def tell_old_address(_app: Flask, *, user: Person, old_email: str, **_facts: Any) -> None:
        kind = "account_address_changed"
        record(
            db.session(),
            "person.address_changed",
            subject="person",
            key=user.id,
            actor=user.actor,
            now=now(),
            facts={"old": old_email, "new": user.email},
        )
        owe(
            db.session(),
            kind=kind,
            cause=f"{kind}:{uuid4().hex}",
            address=old_email,
            context={"name": user.name, "new_address": user.email},
            now=now(),
            person_id=user.id,
        )

    for signal, verb in VERBS.items():
        signal.connect(write_down(verb), app, weak=False)
    change_email_confirmed.connect(tell_old_address, app, weak=False)
    user_logged_in.connect(_begin_session, app)


def _begin_session(_app: Flask, **_facts: Any) -> None:
    # It ends after some idle hours, not with the browser; and a form's token from before is worth nothing now.
    session.permanent = True
    session.pop("csrf_token", None)
