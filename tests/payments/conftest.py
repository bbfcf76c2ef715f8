"""The gateway is tried against a really started stand-in."""

from tests.sandbox.fixtures import receiver, stand_in

__all__ = ["receiver", "stand_in"]
