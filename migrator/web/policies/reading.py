"""A policy as its readers see it, and its versions side by side (RULES C-001, C-044, M-001 to M-005)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for

from migrator.announcements.rules import Kind, news_of_closure
from migrator.calendars.closure_queries import closures_in_the_news
from migrator.calendars.closure_rules import today_on
from migrator.calendars.queries import calendar
from migrator.clock.wording import day_text
from migrator.database.session import reading
from migrator.errors import NotFound
from migrator.policy.documents import Change, Desk, PolicyDocument, differences, document, documents
from migrator.policy.scope import Covered, profile_of
from migrator.policy.types import Promise
from migrator.scope.queries import matrix, tasks
from migrator.scope.rules import Matrix, Task, answer, asked
from migrator.web.audience import open_to
from migrator.web.news.wording import news_view
from migrator.web.policies import pages
from migrator.web.public.how_we_count import GRADES
from migrator.web.request import now
from migrator.web.rule_links import scope_anchor

CHANGES = {
    Change.ADDED: ("New", "done"),
    Change.CHANGED: ("Changed", "info"),
    Change.REMOVED: ("No longer there", "attention"),
}
COVERS = {
    Desk.MIGRATION: "Help with moving a website, by requests, messages and orders here.",
    Desk.HOSTING: "Help with hosting, through the portal.",
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a policy; `changes_url` is empty for the first."""

    version: str
    in_force: str
    url: str
    changes_url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """What differs, in words; the side that lacks it is empty."""

    title: str
    change: str
    tone: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """A rule of what we do, and what is asked of us under it: words with the address of the answer."""

    rule: str
    anchor: str
    tasks: tuple[tuple[str, str], ...]


@pages.get("/")
@open_to()
def policies() -> str:
    """This will list both policies with their versions."""
    found = [(document(desk), COVERS[desk], _versions(documents(desk))) for desk in Desk]
    return render_template("policies/list.html", policies=found)


@pages.get("/<desk>")
@open_to()
def policy(desk: str) -> str:
    """This will show the policy that holds today."""
    return _shown(document(_desk(desk)))


@pages.get("/<desk>/<version>")
@open_to()
def policy_version(desk: str, version: str) -> str:
    """This will show a version of a policy, whatever holds today."""
    return _shown(document(_desk(desk), version))


@pages.get("/<desk>/<version>/changes")
@open_to()
def changes(desk: str, version: str) -> str:
    """This will show what has changed from the version before."""
    after = document(_desk(desk), version)
    earlier = [each for each in documents(after.desk) if int(each.version) < int(version)]
    if not earlier:
        raise NotFound("This is the first version: nothing was before it.")
    before = earlier[0]
    views = [_difference(each.change, each.name, each.before, each.after) for each in differences(before, after)]
    return render_template("policies/changes.html", before=before, after=after, in_force=_in_force(after), views=views)


def _shown(found: PolicyDocument) -> str:
    with reading() as session:
        days = calendar(session, found.calendar)
        told = closures_in_the_news(session, days.key, today=today_on(days, now()))
        scope = _scope_rules(found.desk, matrix(session), tasks(session)) if found.is_current else ()
    news = [news_of_closure(each, Kind.OPEN_AFTER_ALL if each.withdrawn_at else Kind.CLOSED) for each in told]
    return render_template(
        "policies/policy.html",
        policy=found,
        covers=COVERS[found.desk],
        in_force=_in_force(found),
        versions=_versions(documents(found.desk)),
        numbers=[(_label(name), value) for name, value in found.numbers],
        scope=scope,
        grades=GRADES,
        calendar_name=days.name,
        news=[news_view(each, days.zone) for each in news],
    )


def _scope_rules(desk: Desk, cells: Matrix, known: Sequence[Task]) -> tuple[ScopeRule, ...]:
    together: dict[str, dict[str, str]] = {}
    for product in (each for each in Covered if profile_of(each).value == desk.value):
        for task in known:
            rule = answer(asked(product, task.key), cells).rule
            url = url_for("scope.ask", product=product.value, task=task.key, _anchor="answer")
            together.setdefault(rule, {}).setdefault(task.name, url)
    return tuple(ScopeRule(rule, scope_anchor(rule), tuple(found.items())) for rule, found in sorted(together.items()))


def _desk(text: str) -> Desk:
    if text not in set(Desk):
        raise NotFound("There is no such policy.")
    return Desk(text)


def _versions(found: Sequence[PolicyDocument]) -> list[VersionRow]:
    first = found[-1]
    return [
        VersionRow(
            version=each.version,
            in_force=_in_force(each),
            url=url_for("policies.policy_version", desk=each.desk, version=each.version),
            changes_url="" if each is first else url_for("policies.changes", desk=each.desk, version=each.version),
            is_current=each.is_current,
        )
        for each in found
    ]


def _in_force(found: PolicyDocument) -> str:
    return day_text(found.effective_on)


def _difference(change: Change, name: str, before: Promise | str | None, after: Promise | str | None) -> DifferenceView:
    words, tone = CHANGES[change]
    named = after or before
    title = named.title if isinstance(named, Promise) else _label(name)
    return DifferenceView(title, words, tone, _side(before), _side(after))


def _side(side: Promise | str | None) -> str:
    if isinstance(side, Promise):
        return f"{side.title}. {side.text} ({GRADES[side.grade][0]})"
    return side or ""


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()
