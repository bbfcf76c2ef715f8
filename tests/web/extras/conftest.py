"""The pages are tried with a really started provider."""

from tests.factories.sandbox import clock, sandbox, settings, till

__all__ = ["clock", "sandbox", "settings", "till"]
