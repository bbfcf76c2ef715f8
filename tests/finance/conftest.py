"""Whatever a test did, the books balance."""

from tests.factories.ledger import _books_balance

__all__ = ["_books_balance"]
