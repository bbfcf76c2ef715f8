"""The pages are tried with a really started provider."""

import pytest

from tests.factories.counter import Counter
from tests.factories.sandbox import clock, sandbox, settings, till
from tests.factories.till import Till

__all__ = ["clock", "sandbox", "settings", "till"]


@pytest.fixture
def counter(till: Till) -> Counter:
    till.app.config["WTF_CSRF_ENABLED"] = False
    return Counter(till)
