"""What may go back, what we propose, and who has to agree (RULES C-086, X-12, X-13; PAYMENTS rules 5 to 7). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from migrator.catalogue.rules import LineKind
from migrator.errors import DomainError
from migrator.money import Money, allocate, total

# How long banks take to show it; not ours to promise.
SHOWN_WITHIN = "5 to 10 days"


class RefundTooLarge(DomainError):
    """More would go back than is left."""


class NothingToRefund(DomainError):
    """No amount was named."""


class RefundsWait(DomainError):
    """The bank holds the payment in a dispute, so nothing may go back now."""


class RefundReasonMissing(DomainError):
    """A refund needs a reason."""


class NotTheSecondPerson(DomainError):
    """Who asked for a refund cannot approve it."""


class NotAllocated(DomainError):
    """The lines do not add up to the refund."""


class RefundsMovedOn(DomainError):
    """Somebody gave back, or took back, since the form was opened."""


class NotWaiting(DomainError):
    """The refund does not wait for this decision any more."""


class SuggestionCode(StrEnum):
    """Why we propose what we propose."""

    DOES_NOT_FIT = "does_not_fit"
    DISPUTED = "disputed"
    UNALLOCATED = "unallocated"
    BEFORE_APPROVAL = "before_approval"
    NOT_STARTED = "not_started"
    STARTED = "started"
    NOTHING_LEFT = "nothing_left"


SUGGESTION_WORDS = {
    SuggestionCode.DOES_NOT_FIT: "This money does not fit the order. Give all of it back.",
    SuggestionCode.DISPUTED: "The customer’s bank holds this payment in a dispute. Nothing goes back until it decides.",
    SuggestionCode.UNALLOCATED: "A refund from the provider’s dashboard names no lines yet. Name them first.",
    SuggestionCode.BEFORE_APPROVAL: "Not refundable: bought before approval of the non-profit discount (C-086).",
    SuggestionCode.NOT_STARTED: "The full migration has not started. All of it is refundable (X-12).",
    SuggestionCode.STARTED: (
        "The full migration has started. Neither the migration nor its insurance is refundable, unless we cancel. "
        "Somebody from finance may give back what is right, with a reason (X-12)."
    ),
    SuggestionCode.NOTHING_LEFT: "Nothing is left to give back.",
}


@dataclass(frozen=True, slots=True)
class LineStanding:
    """What became of the money for one order line.

    :ivar refunded: what went back, is going, or is asked for
    :ivar disputed: its share of what the bank holds or took
    """

    line_id: int
    kind: LineKind
    name: str
    paid: Money
    refunded: Money
    disputed: Money

    @property
    def refundable(self) -> Money:
        """What can still go back; never less than nothing."""
        left = self.paid - self.refunded - self.disputed
        return max(left, Money(0, left.currency), key=lambda each: each.minor_units)


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """What became of one payment.

    :ivar lines: the order lines that it paid for; none where it fits no order
    :ivar refunded: of all its refunds, those that name no lines too
    :ivar disputed: what the bank holds or took
    :ivar is_held: whether a dispute is open
    :ivar is_unallocated: whether a refund of the provider's dashboard names no lines yet
    """

    payment_id: int
    fits: bool
    captured: Money
    refunded: Money
    disputed: Money
    is_held: bool
    is_unallocated: bool
    lines: tuple[LineStanding, ...] = ()

    @property
    def refundable(self) -> Money:
        """What can still go back of the whole payment; never less than nothing."""
        left = self.captured - self.refunded - self.disputed
        return max(left, Money(0, left.currency), key=lambda each: each.minor_units)

    @property
    def is_given_back(self) -> bool:
        """Whether nothing of it is left."""
        return not self.refundable.minor_units


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What a suggestion depends on beside the payment.

    :ivar has_started: whether the full migration was started and has not failed
    :ivar joined_later: whether the customer was approved as a non-profit after paying without the discount
    """

    has_started: bool
    joined_later: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What we propose to give back, and why; a person decides.

    :ivar amounts: by order line, in its order; empty for money that fits no order
    """

    code: SuggestionCode
    whole: Money
    amounts: Mapping[int, Money]

    @property
    def words(self) -> str:
        """The reason, for staff."""
        return SUGGESTION_WORDS[self.code]


def disputed_by_line(disputed: Money, left: Sequence[Money]) -> tuple[Money, ...]:
    """This will divide what the bank holds over the lines by what is left of each, by largest remainder."""
    if not disputed.minor_units or not any(each.minor_units for each in left):
        return tuple(Money(0, disputed.currency) for _ in left)
    return allocate(disputed, [each.minor_units for each in left])


def suggestion(standing: PaymentStanding, facts: RefundFacts) -> Suggestion:
    """This will propose what to give back of a payment: all of it, or nothing, with the reason.

    (RULES C-086 and X-12, PAYMENTS rules 5 and 7)
    """
    code = _code(standing, facts)
    nothing = Money(0, standing.captured.currency)
    if code not in {SuggestionCode.DOES_NOT_FIT, SuggestionCode.NOT_STARTED}:
        return Suggestion(code, nothing, {line.line_id: nothing for line in standing.lines})
    return Suggestion(code, standing.refundable, {line.line_id: line.refundable for line in standing.lines})


def _code(standing: PaymentStanding, facts: RefundFacts) -> SuggestionCode:
    if standing.is_held:
        return SuggestionCode.DISPUTED
    if standing.is_given_back:
        return SuggestionCode.NOTHING_LEFT
    if standing.is_unallocated:
        return SuggestionCode.UNALLOCATED
    if not standing.fits:
        return SuggestionCode.DOES_NOT_FIT
    if facts.joined_later:
        return SuggestionCode.BEFORE_APPROVAL
    return SuggestionCode.STARTED if facts.has_started else SuggestionCode.NOT_STARTED


def amount_to_refund(standing: PaymentStanding, amounts: Mapping[int, Money], whole: Money | None) -> Money:
    """This will return what a refund gives back, after checking it against what is left (PAYMENTS, rule 6).

    :param amounts: by order line; nothing where the payment fits no order
    :param whole: of a payment that fits no order
    :raises RefundsWait: while a dispute is open
    :raises NothingToRefund: without an amount
    :raises RefundTooLarge: beyond what is left of a line or of the payment, or of a line that it did not pay for
    """
    if standing.is_held:
        raise RefundsWait(SUGGESTION_WORDS[SuggestionCode.DISPUTED])
    amount = whole if whole is not None else total(list(amounts.values()), standing.captured.currency)
    if amount.minor_units <= 0:
        raise NothingToRefund("Enter what goes back, for one line at least.")
    refuse_beyond_lines(standing, amounts)
    if standing.refundable < amount:
        raise RefundTooLarge(f"Of this payment {standing.refundable} can still go back, not {amount}.")
    return amount


def refuse_beyond_lines(standing: PaymentStanding, amounts: Mapping[int, Money]) -> None:
    """This will refuse an amount beyond what is left of its line.

    :raises RefundTooLarge: naming the line
    """
    lines = {line.line_id: line for line in standing.lines}
    for line_id, amount in amounts.items():
        line = lines.get(line_id)
        if line is None or amount.minor_units < 0:
            raise RefundTooLarge("An amount belongs to a line that this payment did not pay for.")
        if line.refundable < amount:
            raise RefundTooLarge(f"Of “{line.name}” {line.refundable} can still go back, not {amount}.")


def needs_second_person(amount: Money, *, given_alone: Money, limit: Money | None) -> bool:
    """This will tell whether another person from finance has to approve a refund.

    What one person gave back of the same order counts with it, so that no refund is cut into small ones.

    :param limit: up to it one person suffices; none for a currency without a limit, where two always decide
    """
    return limit is None or limit < given_alone + amount


def refuse_same_person(requested_by_id: int | None, person_id: int) -> None:
    """This will refuse the approval of one's own request.

    :raises NotTheSecondPerson: when both are the same
    """
    if requested_by_id == person_id:
        raise NotTheSecondPerson("You asked for this refund. Somebody else from finance approves it.")


def reason_for_refund(reason: str) -> str:
    """This will return the reason without surrounding spaces.

    :raises RefundReasonMissing: when there is none
    """
    if not reason.strip():
        raise RefundReasonMissing("Give the reason. It stays with the refund.")
    return reason.strip()


def refuse_unallocated(amount: Money, amounts: Mapping[int, Money]) -> None:
    """This will refuse lines that do not add up to the refund that they explain.

    :raises NotAllocated: naming both sums
    """
    named = total(list(amounts.values()), amount.currency)
    if named != amount:
        raise NotAllocated(f"The lines add up to {named}; the refund is {amount}.")
