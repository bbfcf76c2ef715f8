"""What holds of the ledger at every moment, with the figures on both sides (PAYMENTS, the ledger)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from migrator.finance.covers.models import Cover
from migrator.finance.ledger.accounts import KINDS, Account, AccountKind, EntryKind
from migrator.finance.ledger.models import JournalEntry, Posting
from migrator.finance.ledger.statements import PAID_OUT, PAYOUTS, unposted_amounts
from migrator.finance.reconciliation.lifecycle import MatchedKind
from migrator.finance.reconciliation.models import ProviderPayout, ProviderTransaction
from migrator.finance.reconciliation.run_models import Match
from migrator.money import Money
from migrator.payments.disputes.models import Dispute
from migrator.payments.models import Payment
from migrator.payments.refunds.models import Refund

CLEARING = Account.STRIPE_CLEARING
CHARGES = ("charge", "payment")
REFUNDS = ("refund", "payment_refund")


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds in one currency: the sums of both sides.

    :ivar shown: the balance on the side that is usual for the account's kind
    """

    account: Account
    currency: str
    debit_minor: int
    credit_minor: int

    @property
    def minor(self) -> int:
        """Debit less credit."""
        return self.debit_minor - self.credit_minor

    @property
    def shown(self) -> Money:
        """The balance as people read it: what we have, owe, earned or spent."""
        is_debit = KINDS[self.account] in {AccountKind.ASSET, AccountKind.EXPENSE}
        return Money(self.minor if is_debit else -self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Invariant:
    """One law with its two sides in one currency.

    :ivar left: what must be equal to the sum of `right`; each with its words
    """

    name: str
    left: tuple[str, Money]
    right: tuple[tuple[str, Money], ...]

    @property
    def difference(self) -> Money:
        """By how much the sides differ; nothing where the law holds."""
        return Money(
            self.left[1].minor_units - sum(one.minor_units for _words, one in self.right), self.left[1].currency
        )

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.difference.minor_units == 0


def trial_balance(session: Session, *where: ColumnElement[bool]) -> tuple[Balance, ...]:
    """This will return all accounts that were ever posted to, by currency, in the order of the accounts.

    :param where: which entries count; all without any
    """
    wanted = select(Posting.debit, Posting.credit, Posting.currency, func.sum(Posting.amount_minor))
    if where:
        wanted = wanted.join(JournalEntry).where(*where)
    debited: dict[tuple[str, Account], int] = defaultdict(int)
    credited: dict[tuple[str, Account], int] = defaultdict(int)
    for debit, credit, currency, amount in session.execute(
        wanted.group_by(Posting.debit, Posting.credit, Posting.currency)
    ):
        debited[currency, debit] += int(amount)
        credited[currency, credit] += int(amount)
    places = {account: place for place, account in enumerate(Account)}
    keys = sorted({*debited, *credited}, key=lambda key: (key[0], places[key[1]]))
    return tuple(
        Balance(account, currency, debited[currency, account], credited[currency, account])
        for currency, account in keys
    )


def invariants(session: Session, balances: Sequence[Balance] | None = None) -> tuple[Invariant, ...]:
    """This will return the four laws for each currency, with their figures; all of them hold, or something is wrong.

    :param balances: the trial balance of all entries, where the caller has asked for it already
    """
    each = trial_balance(session) if balances is None else balances
    covers = _cover_sums(session)
    at_stripe = _at_stripe(session)
    currencies = sorted({*(one.currency for one in each), *covers, *at_stripe})
    return tuple(law for currency in currencies for law in _laws(currency, each, covers, at_stripe))


def _laws(
    currency: str,
    balances: Sequence[Balance],
    covers: dict[str, tuple[int, int, int]],
    at_stripe: dict[str, tuple[int, int, int, int]],
) -> Iterator[Invariant]:
    held = {one.account: one for one in balances if one.currency == currency}
    of = {account: held[account].minor if account in held else 0 for account in Account}
    sold, refunded, unearned = covers.get(currency, (0, 0, 0))
    moved, paid_out, coming, unposted = at_stripe.get(currency, (0, 0, 0, 0))

    def money(minor: int) -> Money:
        return Money(minor, currency)

    debited, credited = (sum(getattr(one, side) for one in held.values()) for side in ("debit_minor", "credit_minor"))
    yield Invariant("Trial balance", ("Debits", money(debited)), (("Credits", money(credited)),))
    yield Invariant(
        "At Stripe",
        ("In the ledger", money(of[CLEARING])),
        (
            ("Stripe’s movements", money(moved)),
            ("paid out", money(-paid_out)),
            ("not on a statement yet", money(coming)),
            ("fees and payouts not posted yet", money(unposted)),
        ),
    )
    yield Invariant(
        "Deferred insurance",
        ("In the ledger", money(-of[Account.DEFERRED_INSURANCE])),
        (("Unearned of all covers", money(unearned)),),
    )
    yield Invariant(
        "Insurance sold",
        ("Sold", money(sold)),
        (
            ("earned", money(-of[Account.REVENUE_INSURANCE])),
            ("still covered", money(-of[Account.DEFERRED_INSURANCE])),
            ("refunded", money(refunded)),
        ),
    )


def _cover_sums(session: Session) -> dict[str, tuple[int, int, int]]:
    unearned = Cover.premium_minor - Cover.earned_minor - Cover.refunded_minor
    wanted = select(
        Cover.currency, func.sum(Cover.premium_minor), func.sum(Cover.refunded_minor), func.sum(unearned)
    ).group_by(Cover.currency)
    return {currency: (int(sold), int(back), int(left)) for currency, sold, back, left in session.execute(wanted)}


def _at_stripe(session: Session) -> dict[str, tuple[int, int, int, int]]:
    moved, paid_out, coming = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    net = func.sum(ProviderTransaction.net_minor)
    is_ours = ProviderTransaction.reporting_category.not_in(PAYOUTS)
    _add(
        session, moved, select(ProviderTransaction.currency, net).where(is_ours).group_by(ProviderTransaction.currency)
    )
    fees_of_payouts = select(ProviderTransaction.currency, -func.sum(ProviderTransaction.fee_minor))
    _add(session, moved, fees_of_payouts.where(~is_ours).group_by(ProviderTransaction.currency))
    sent = select(ProviderPayout.currency, func.sum(ProviderPayout.amount_minor))
    _add(session, paid_out, sent.where(ProviderPayout.status.in_(PAID_OUT)).group_by(ProviderPayout.currency))
    for wanted in _on_no_statement():
        _add(session, coming, wanted)
    unposted = unposted_amounts(session)
    return {
        currency: (moved[currency], paid_out[currency], coming[currency], unposted.get(currency, 0))
        for currency in {*moved, *paid_out, *coming, *unposted}
    }


def _add(session: Session, sums: dict[str, int], wanted: Select[str, int]) -> None:
    for currency, amount in session.execute(wanted):
        sums[currency] += int(amount or 0)


def _on_no_statement() -> Iterator[Select[str, int]]:
    """This will ask for what we posted at Stripe and no statement names yet."""
    intent, source = ProviderTransaction.payment_intent_id, ProviderTransaction.source_id
    payment, refund, dispute = "payment", "refund", "dispute"
    # What an order's number, or a person, has proven belongs to a payment as well as what its id proves.
    matched = select(Match.transaction_id).where(Match.payment_id == Payment.id, Match.kind == MatchedKind.CHARGE)
    paid = _unseen(EntryKind.PAYMENT, _cause(payment, Payment.id), intent == Payment.payment_intent_id, CHARGES)
    yield paid.where(~matched.exists())
    yield _unseen(EntryKind.REFUND, _cause(refund, Refund.id), source == Refund.provider_id, REFUNDS)
    failed = _cause(refund, Refund.id, ":failed")
    yield _unseen(EntryKind.REFUND_FAILED, failed, source == Refund.provider_id, ("refund_failure",))
    yield _unseen(EntryKind.DISPUTE_OPENED, _cause(dispute, Dispute.id), source == Dispute.provider_id, ("dispute",))
    won = _cause(dispute, Dispute.id, ":won")
    yield _unseen(EntryKind.DISPUTE_WON, won, source == Dispute.provider_id, ("dispute_reversal",))


def _cause(subject: str, row_id: InstrumentedAttribute[int], end: str = "") -> ColumnElement[bool]:
    return JournalEntry.cause == literal(f"{subject}:") + cast(row_id, String) + literal(end)


def _unseen(
    kind: EntryKind, ours: ColumnElement[bool], theirs: ColumnElement[bool], categories: tuple[str, ...]
) -> Select[str, int]:
    came = case((Posting.debit == CLEARING, Posting.amount_minor), else_=-Posting.amount_minor)
    is_at_stripe = (Posting.debit == CLEARING) | (Posting.credit == CLEARING)
    seen = select(ProviderTransaction.id).where(theirs, ProviderTransaction.reporting_category.in_(categories))
    return (
        select(Posting.currency, func.sum(came))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .where(JournalEntry.kind == kind, is_at_stripe, ours, ~seen.exists())
        .group_by(Posting.currency)
    )
