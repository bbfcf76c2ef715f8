"""The pages are tried with a really started provider, and whatever a journey did, the books balance."""

from tests.factories.ledger import _books_balance
from tests.factories.sandbox import clock, sandbox, settings, till

__all__ = ["_books_balance", "clock", "sandbox", "settings", "till"]
