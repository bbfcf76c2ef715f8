"""The ledger: the trial balance with its laws, the entries behind each number, and the export to Beancount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for

from migrator.clock.wording import day_text
from migrator.database.session import reading
from migrator.finance.desk_days import month_text
from migrator.finance.ledger.accounts import ENTRY_WORDS, KINDS, WORDS, Account, AccountKind
from migrator.finance.ledger.beancount import beancount
from migrator.finance.ledger.invariants import Balance, Invariant, invariants, trial_balance
from migrator.finance.ledger.models import JournalEntry
from migrator.finance.ledger.page_queries import PAGE, WantedEntries, entries_page, in_month, months_posted
from migrator.history.actor import Role
from migrator.money import Money, total
from migrator.web.audience import open_to
from migrator.web.cursor import cursor_of, read_cursor
from migrator.web.finance import pages

KIND_WORDS = {
    AccountKind.ASSET: "What we have",
    AccountKind.LIABILITY: "What we owe",
    AccountKind.INCOME: "What we earned",
    AccountKind.EXPENSE: "What we spent or lost",
}


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account in the trial balance."""

    account: str
    words: str
    kind: str
    debit: Money
    credit: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The trial balance of one currency."""

    currency: str
    rows: tuple[BalanceRow, ...]
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One transfer of an entry."""

    debit: str
    credit: str
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the journal."""

    id: int
    day: str
    late: str
    kind: str
    words: str
    cause: str
    number: str
    postings: tuple[PostingRow, ...]


@pages.get("/finance/ledger")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def ledger() -> str:
    """This will show the trial balance of all time or of a month, and whether the laws of the ledger hold."""
    with reading() as session:
        months = months_posted(session)
        month = _month(months)
        every = trial_balance(session)
        shown = trial_balance(session, *in_month(month)) if month else every
        laws = invariants(session, every)
    return render_template(
        "finance/ledger.html",
        balances=_balances(shown),
        laws=[_by_currency(laws, currency) for currency in sorted({law.left[1].currency for law in laws})],
        holds=all(law.holds for law in laws),
        month=month,
        months=[(each, month_text(each)) for each in months],
    )


@pages.get("/finance/ledger/entries")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def ledger_entries() -> str:
    """This will list the entries, the latest first, by account, order, cover and month."""
    with reading() as session:
        months = months_posted(session)
        wanted = _wanted(months)
        at, row_id = read_cursor(request.args.get("after")) or (None, 0)
        found = entries_page(session, wanted, before=(at.date(), row_id) if at else None)
        rows = [_entry(entry) for entry in found[:PAGE]]
        after = _cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    kept: dict[str, Any] = {
        "account": wanted.account.value if wanted.account else None,
        "month": wanted.month,
        "order": wanted.number or None,
        "cover": wanted.cover_id,
    }
    return render_template(
        "finance/entries.html",
        rows=rows,
        wanted=wanted,
        months=[(each, month_text(each)) for each in months],
        accounts=[(account.value, words) for account, words in WORDS.items()],
        next_url=url_for("finance.ledger_entries", **kept, after=after) if after else "",
        first_url=url_for("finance.ledger_entries", **kept) if at else "",
    )


@pages.get("/finance/ledger.beancount")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def ledger_beancount() -> Response:
    """This will send the whole ledger in Beancount's format."""

    def text() -> Iterator[str]:
        with reading() as session:
            yield from beancount(session)

    answer = Response(stream_with_context(text()), mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="migrator.beancount"'
    return answer


def _month(months: Sequence[str]) -> str | None:
    asked = request.args.get("month")
    return asked if asked in months else None


def _wanted(months: Sequence[str]) -> WantedEntries:
    cover = request.args.get("cover", "")
    return WantedEntries(
        account=next((each for each in Account if each.value == request.args.get("account")), None),
        month=_month(months),
        number=request.args.get("order", "").strip().upper()[:20],
        cover_id=int(cover) if cover.isascii() and cover.isdigit() and len(cover) < 18 else None,
    )


def _balances(balances: Sequence[Balance]) -> list[TrialBalance]:
    return [
        _trial_balance(currency, [each for each in balances if each.currency == currency])
        for currency in sorted({each.currency for each in balances})
    ]


def _trial_balance(currency: str, balances: Sequence[Balance]) -> TrialBalance:
    rows = tuple(
        BalanceRow(
            account=each.account.value,
            words=WORDS[each.account],
            kind=KIND_WORDS[KINDS[each.account]],
            debit=Money(each.debit_minor, currency),
            credit=Money(each.credit_minor, currency),
            balance=each.shown,
        )
        for each in balances
    )
    return TrialBalance(
        currency, rows, total([row.debit for row in rows], currency), total([row.credit for row in rows], currency)
    )


def _by_currency(laws: Sequence[Invariant], currency: str) -> tuple[str, list[Invariant]]:
    return currency, [law for law in laws if law.left[1].currency == currency]


def _entry(entry: JournalEntry) -> EntryRow:
    return EntryRow(
        id=entry.id,
        day=day_text(entry.happened_on),
        late=day_text(entry.late_of) if entry.late_of else "",
        kind=ENTRY_WORDS[entry.kind],
        words=entry.words,
        cause=entry.cause,
        number=entry.order.number if entry.order else "",
        postings=tuple(PostingRow(WORDS[each.debit], WORDS[each.credit], each.amount) for each in entry.postings),
    )


def _cursor(entry: JournalEntry) -> str:
    return cursor_of(datetime.combine(entry.happened_on, time(), tzinfo=UTC), entry.id)
