"""Fixtures that start a stand-in and a receiver, shared with the tests of whoever speaks to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.stand_in import Receiver, StandIn


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    yield listening
    listening.stop()


@pytest.fixture
def stand_in(tmp_path: Path, receiver: Receiver) -> Iterator[StandIn]:
    started = StandIn(tmp_path, f"http://127.0.0.1:{receiver.port}/webhooks/stripe")
    started.start()
    yield started
    started.kill()
