"""Σ refunds never exceeds what was captured, whoever asks at the same moment; held by locks and by the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.payments.refunds.lifecycle import LIVE
from migrator.payments.refunds.models import Refund
from tests.conftest import BACKENDS
from tests.factories.counter import Counter
from tests.factories.till import Till

# Locks differ from one database to the other.
pytestmark = pytest.mark.parametrize("backend", BACKENDS, indirect=True)


@pytest.fixture
def counter(till: Till) -> Counter:
    return Counter(till)


def test_of_two_who_give_all_back_at_once_one_is_refused(counter: Counter) -> None:
    number = counter.paid()
    together = Barrier(2)

    def ask(token: str) -> str:
        together.wait(timeout=20)
        try:
            counter.ask(number, token=token, migration=24_900, insurance=1_743)
        except DomainError as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(ask, ("one", "two")))
    assert answers[0] == ""
    assert "can still go back" in answers[1]
    counter.send()
    assert counter.returned(number) == 26_643


def test_one_button_pressed_by_two_at_once_asks_once(counter: Counter) -> None:
    number = counter.paid()
    together = Barrier(2)

    def ask(_which: int) -> int:
        together.wait(timeout=20)
        return counter.ask(number, migration=10_000)

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(ask, (1, 2)))) == 1
    assert counter.reversed(number).refunds == (("requested", 10_000, True),)


def test_the_database_refuses_the_approval_of_one_s_own_request(counter: Counter) -> None:
    refund_id = counter.ask(counter.paid(), migration=10_000)
    with counter.till.app.app_context(), pytest.raises(IntegrityError, match="approved_by_another"):  # noqa: SIM117
        with transaction() as session:
            refund = session.get_one(Refund, refund_id)
            refund.approved_by_id, refund.approved_at = refund.requested_by_id, refund.requested_at
            session.flush()


DEEDS = some.lists(
    some.tuples(some.sampled_from(["ask", "send", "fail", "dashboard", "sweep"]), some.integers(1, 26_643)), max_size=7
)


@given(deeds=DEEDS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_happens_no_more_goes_back_than_came(counter: Counter, deeds: list[tuple[str, int]]) -> None:
    number = counter.paid()
    for place, (deed, minor_units) in enumerate(deeds):
        try:
            match deed:
                case "ask":
                    counter.ask(number, token=f"deed-{place}", migration=min(minor_units, 24_900))
                case "send":
                    counter.send()
                case "fail":
                    fail_one(counter, number)
                case "dashboard" if counter.returned(number) < 26_643:
                    counter.in_dashboard(number, min(minor_units, 26_643 - counter.returned(number)))
                case "sweep":
                    counter.sweep()
        except DomainError:
            assert deed == "ask"
        assert counter.returned(number) <= 26_643
    counter.sweep()
    counter.send()
    assert live(counter, number) <= 26_643
    assert live(counter, number) == counter.returned(number)


def fail_one(counter: Counter, number: str) -> None:
    made = counter.till.gateway.refunds_of(counter.payment(number).payment_intent_id)
    done = next((one for one in made if one.state == "done"), None)
    if done is not None:
        counter.answer(done.id, "failed")


def live(counter: Counter, number: str) -> int:
    payment_id = counter.payment(number).id
    wanted = select(func.sum(Refund.amount_minor)).where(Refund.payment_id == payment_id, Refund.state.in_(LIVE))
    with counter.till.app.app_context(), reading() as session:
        return int(session.scalar(wanted) or 0)
