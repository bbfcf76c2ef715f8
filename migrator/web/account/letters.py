"""Which letters a customer wants: a form on the account, and the link in a letter that needs no sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from migrator.accounts.models import Person
from migrator.database.session import reading, transaction
from migrator.history.actor import Role
from migrator.notifications.choices import choose, read_stop_token, switch_off, switched_off
from migrator.notifications.topics import ALWAYS, WORDS, Topic
from migrator.web.account import pages
from migrator.web.audience import open_to
from migrator.web.frame import csrf
from migrator.web.request import now, person


@dataclass(frozen=True, slots=True)
class StopPage:
    """What a link in a letter is about.

    :ivar is_done: whether such letters are switched off by now
    """

    title: str
    email: str
    url: str
    is_done: bool


@pages.get("/account/notifications")
@open_to(Role.CUSTOMER)
def letters() -> str:
    """This will show which letters come, and which can be switched off."""
    with reading() as session:
        unwanted = switched_off(session, person().id)
    form = _form_class()(data={topic.value: topic not in unwanted for topic in Topic})
    hints = {topic.value: WORDS[topic].text for topic in Topic}
    return render_template("account/letters.html", form=form, hints=hints, always=ALWAYS)


@pages.post("/account/notifications")
@open_to(Role.CUSTOMER)
def save_letters() -> Response:
    """This will keep what was ticked; the same form sent twice changes nothing more."""
    form = _form_class()()
    with transaction() as session:
        choose(session, person().id, [topic for topic in Topic if form[topic.value].data], now=now())
    flash("Saved.")
    return redirect(url_for("account.letters"), 303)


@pages.get("/letters/<token>")
@open_to()
def stop_letters(token: str) -> str:
    """This will ask before switching letters off: programs that follow links in mail must not do it."""
    person_id, topic = read_stop_token(token)
    with reading() as session:
        is_done = topic in switched_off(session, person_id)
        email = session.get_one(Person, person_id).email
    return _stop_page(token, topic, email=email, is_done=is_done)


@pages.post("/letters/<token>")
@open_to()
@csrf.exempt  # type: ignore[untyped-decorator]
def stop_letters_now(token: str) -> str:
    """This will switch letters off, for the page's button and for the one click of a mail program (RFC 8058).

    The link's own signature says who may: a mail program brings no form of ours.
    """
    person_id, topic = read_stop_token(token)
    with transaction() as session:
        switch_off(session, person_id, topic, now=now())
        email = session.get_one(Person, person_id).email
    return _stop_page(token, topic, email=email, is_done=True)


def _stop_page(token: str, topic: Topic, *, email: str, is_done: bool) -> str:
    url = url_for("account.stop_letters_now", token=token)
    return render_template("account/stop_letters.html", page=StopPage(WORDS[topic].title, email, url, is_done))


@cache
def _form_class() -> type[FlaskForm]:
    return type("LettersForm", (FlaskForm,), {topic.value: BooleanField(WORDS[topic].title) for topic in Topic})
