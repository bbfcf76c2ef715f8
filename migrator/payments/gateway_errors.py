"""What can go wrong on the way to the payment provider, in our own words; knows Stripe's errors for gateway.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from migrator.errors import DomainError

CALLED_TWICE_AT_ONCE = "idempotency_key_in_use"
REFUSED_PAYMENT = "The payment provider refused this payment. Nothing was charged; please write to us."
REFUSED_QUESTION = "The payment provider refused to answer this question."
REFUSED_REFUND = "The payment provider refused this refund. No money has moved."


class GatewayUnreachable(DomainError):
    """The provider did not answer, or told us to wait; make the same call again with the same key."""


class GatewayRefused(DomainError):
    """The provider answered no; the same call would be refused again.

    `code` is the provider's code (or its kind of error), `reason` its own sentence, for staff.
    """

    def __init__(self, sentence: str, *, code: str, reason: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.reason = reason


@contextmanager
def translated_errors(refused: str = REFUSED_PAYMENT) -> Iterator[None]:
    """This will turn Stripe's errors into ours.

    :param refused: the sentence for the person where Stripe answers no
    """
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise GatewayUnreachable("The payment provider cannot be reached. Try again in a minute.") from error
    except stripe.StripeError as error:
        if error.code == CALLED_TWICE_AT_ONCE:
            raise GatewayUnreachable("The provider is busy with the same request. Try again in a moment.") from error
        raise GatewayRefused(
            refused, code=error.code or type(error).__name__, reason=error.user_message or ""
        ) from error
