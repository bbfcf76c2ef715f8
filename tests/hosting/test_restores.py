"""A restore from wish to outcome, with its request at the hosting desk; maintenance with its letters."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from migrator.accounts.models import Person
from migrator.hosting.maintenance_operations import record_minutes
from migrator.hosting.maintenance_queries import announced_for, minutes_since, people_touched
from migrator.hosting.maintenance_rules import MaintenanceState, NobodyAffected, TooLate
from migrator.hosting.models import HostingInstance, PolicyAcknowledgement, Restore
from migrator.hosting.operations import RestoreEnded, take_up, withdraw_restore
from migrator.hosting.restore_rules import RestoreState, Wish
from migrator.journeys.ask_hosting import PolicyUnread, ask_for_restore, ask_for_review
from migrator.journeys.end_restore import finish_restore
from migrator.journeys.maintain_hosting import announce_maintenance, withdraw_maintenance
from migrator.notifications.models import OwedMessage
from migrator.policy.support import Firmness
from migrator.support.categories import Category, Desk
from migrator.support.models import Ticket, TicketMessage
from tests.conftest import NOW
from tests.factories.hosting import an_instance
from tests.factories.people import a_customer, an_account_manager

TODAY = NOW.date()
HOUR = timedelta(hours=1)


@pytest.fixture
def customer(session: Session) -> Person:
    return a_customer(session)


@pytest.fixture
def staff(session: Session) -> Person:
    return an_account_manager(session)


def asked(
    session: Session,
    instance: HostingInstance,
    person: Person,
    *,
    kind: str = "database_copy",
    token: str = "one",
    acknowledged: bool = True,
) -> Restore:
    wish = Wish(kind, TODAY - timedelta(days=2), "/media" if kind == "files_part" else "", TODAY)
    return ask_for_restore(session, instance, wish, person=person, acknowledged=acknowledged, token=token, now=NOW)


def ticket_of(session: Session, restore: Restore) -> Ticket:
    return session.get_one(Ticket, restore.ticket_id)


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OwedMessage.kind).order_by(OwedMessage.id)))


@pytest.mark.parametrize(
    ("plan", "minutes", "firmness"),
    [("business", 15, Firmness.GUARANTEED), ("performance_plus", 10, Firmness.GUARANTEED), ("start", 0, Firmness.NONE)],
)
def test_a_wish_opens_a_request_under_the_clock_of_its_plan(
    session: Session, customer: Person, plan: str, minutes: int, firmness: Firmness
) -> None:
    instance = an_instance(session, customer, plan=plan)
    ticket = ticket_of(session, asked(session, instance, customer))
    assert (ticket.desk, ticket.category, ticket.hosting_instance_id) == (Desk.HOSTING, Category.RESTORE, instance.id)
    assert (ticket.firmness, ticket.amount) == (firmness, minutes)
    assert ticket.respond_by_at == (NOW + timedelta(minutes=minutes) if minutes else None)


def test_the_first_request_waits_for_the_policy_and_the_next_does_not(session: Session, customer: Person) -> None:
    instance = an_instance(session, customer)
    with pytest.raises(PolicyUnread):
        asked(session, instance, customer, acknowledged=False)
    asked(session, instance, customer)
    kept = session.scalars(select(PolicyAcknowledgement)).one()
    assert (kept.person_id, kept.policy_version, kept.acknowledged_at) == (customer.id, "1", NOW)
    ticket = ask_for_review(session, instance, words="Slow.", person=customer, acknowledged=False, token="r", now=NOW)
    assert ticket.category is Category.PERFORMANCE
    again = ask_for_review(session, instance, words="Slow.", person=customer, acknowledged=False, token="r", now=NOW)
    assert again.id == ticket.id


def test_a_second_press_asks_once(session: Session, customer: Person) -> None:
    instance = an_instance(session, customer)
    assert asked(session, instance, customer) is asked(session, instance, customer)
    assert asked(session, instance, customer, token="two") is not asked(session, instance, customer)


def test_a_copy_is_delivered_as_a_link_with_its_last_day_and_answers_the_request(
    session: Session, customer: Person, staff: Person
) -> None:
    restore = asked(session, an_instance(session, customer), customer)
    take_up(session, restore, person=staff, now=NOW)
    finish_restore(
        session,
        restore,
        RestoreState.DONE,
        outcome="",
        copy_address="https://copies.example/1",
        person=staff,
        now=NOW + HOUR,
    )
    # Seven days on, the whole last day: to the end of Tue 1 Dec in Kyiv.
    assert restore.copy_until_at == datetime.fromisoformat("2026-12-01T22:00+00:00")
    ticket = ticket_of(session, restore)
    assert (ticket.first_response_at, ticket.promise_at) == (NOW + HOUR, None)
    last = session.scalars(select(TicketMessage).order_by(TicketMessage.id.desc())).first()
    assert last
    assert "https://copies.example/1 until end of Tue 1 Dec 2026" in last.body
    assert kinds(session)[-1] == "restore_ended"
    for deed in (
        lambda: take_up(session, restore, person=staff, now=NOW),
        lambda: withdraw_restore(session, restore, actor=customer.actor, now=NOW),
    ):
        with pytest.raises(RestoreEnded):
            deed()


def test_a_wish_can_be_withdrawn_until_somebody_works_on_it(session: Session, customer: Person, staff: Person) -> None:
    instance = an_instance(session, customer)
    first, second = asked(session, instance, customer), asked(session, instance, customer, token="two")
    withdraw_restore(session, first, actor=customer.actor, now=NOW)
    assert (first.state, first.ended_at) == (RestoreState.WITHDRAWN, NOW)
    take_up(session, second, person=staff, now=NOW)
    with pytest.raises(RestoreEnded):
        withdraw_restore(session, second, actor=customer.actor, now=NOW)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "files_part", "paths": ""},
        {"state": "done", "ended_at": None},
        {"copy_address": "https://copies.example/1"},
        {"state": "not_possible", "ended_at": NOW},
    ],
)
def test_the_table_refuses_what_the_rules_refuse(session: Session, customer: Person, broken: dict[str, object]) -> None:
    restore = asked(session, an_instance(session, customer), customer, kind="files_whole")
    with pytest.raises(IntegrityError), session.begin_nested():
        for name, value in broken.items():
            setattr(restore, name, value)
        session.flush()


def test_maintenance_is_told_once_to_each_and_withdrawn_backwards(session: Session, staff: Person) -> None:
    one, other, nobody = (a_customer(session) for _ in range(3))
    touched = [an_instance(session, one), an_instance(session, one, name="b.example"), an_instance(session, other)]
    an_instance(session, nobody)
    assert one.organisation_id
    assert nobody.organisation_id
    window = announce_maintenance(
        session,
        title="New servers",
        reason="They are faster.",
        starts_at=NOW + 10 * HOUR,
        ends_at=NOW + 12 * HOUR,
        instance_ids=[instance.id for instance in touched] * 2,
        person=staff,
        zone="Europe/Kyiv",
        now=NOW,
    )
    assert [person.id for person in people_touched(session, window.id)] == [one.id, other.id]
    assert kinds(session) == ["maintenance_announced"] * 2
    letter = session.scalars(select(OwedMessage).where(OwedMessage.person_id == one.id)).one()
    assert "shop.example, b.example" in letter.text_body or "b.example, shop.example" in letter.text_body
    assert [each.id for each in announced_for(session, one.organisation_id, now=NOW)] == [window.id]
    assert announced_for(session, nobody.organisation_id, now=NOW) == []
    assert announced_for(session, one.organisation_id, now=NOW + 12 * HOUR) == []
    withdraw_maintenance(session, window, reason="Not needed.", person=staff, zone="Europe/Kyiv", now=NOW)
    assert kinds(session) == ["maintenance_announced"] * 2 + ["maintenance_withdrawn"] * 2
    assert announced_for(session, one.organisation_id, now=NOW) == []
    with pytest.raises(TooLate):
        withdraw_maintenance(session, window, reason="Again.", person=staff, zone="Europe/Kyiv", now=NOW)


def test_minutes_are_recorded_and_reported_by_instance(session: Session, staff: Person) -> None:
    instance = an_instance(session, a_customer(session))
    facts = {"title": "T", "reason": "R", "person": staff, "zone": "Europe/Kyiv", "now": NOW}
    with pytest.raises(NobodyAffected):
        announce_maintenance(session, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR, instance_ids=[], **facts)  # type: ignore[arg-type]
    for hours in (1, 5):
        window = announce_maintenance(
            session,
            starts_at=NOW + hours * HOUR,
            ends_at=NOW + (hours + 1) * HOUR,
            instance_ids=[instance.id],
            **facts,  # type: ignore[arg-type]
        )
        down = window.starts_at - 10 * timedelta(minutes=1)
        until = window.starts_at + 10 * timedelta(minutes=1)
        minutes = record_minutes(
            session, window, down_from_at=down, down_until_at=until, actor=staff.actor, now=NOW + 9 * HOUR
        )
        assert (minutes, window.state) == (10, MaintenanceState.RECORDED)
    (report,) = minutes_since(session, NOW)
    assert (report.instance, report.windows, report.minutes) == ("shop.example", 2, 20)
    assert minutes_since(session, NOW + 9 * HOUR) == []
