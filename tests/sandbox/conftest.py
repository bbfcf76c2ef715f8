"""The fixtures of the stand-in's tests: one process for each test, on a free port."""

from tests.sandbox.fixtures import receiver, stand_in

__all__ = ["receiver", "stand_in"]
