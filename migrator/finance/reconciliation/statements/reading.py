"""Reading one of the provider's itemized CSV files, a line at a time: rows, or a sentence with its place. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import BinaryIO

from migrator.errors import DomainError
from migrator.finance.reconciliation.lifecycle import StatementKind
from migrator.money import EXPONENTS, Money

REQUIRED = ("balance_transaction_id", "currency", "gross", "fee", "net", "reporting_category")
CREATED = ("created_utc", "created")
AVAILABLE = ("available_on_utc", "available_on")
PAYOUT = ("automatic_payout_id", "payout_id")
ARRIVAL = ("automatic_payout_effective_at_utc", "automatic_payout_effective_at", "effective_at")
ORDER_NUMBER, ORDER_KEY = "payment_metadata[order_number]", "payment_metadata[order_id]"
READ = frozenset(
    (*REQUIRED, *CREATED, *AVAILABLE, *PAYOUT, *ARRIVAL, ORDER_NUMBER, ORDER_KEY,
     "source_id", "charge_id", "payment_intent_id", "customer_email")
)  # fmt: skip
ZIP, OLD_SPREADSHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LONGEST_LINE = 1_000_000
LONGEST_CELL = 100_000
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*%?")
AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?", flags=re.ASCII)
IDENTIFIER = re.compile(r"[A-Za-z0-9_\-]{1,120}", flags=re.ASCII)
CATEGORY = re.compile(r"[a-z0-9_]{1,60}", flags=re.ASCII)


class BadStatement(DomainError):
    """The file cannot be taken; the sentence says where and why, and nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a file, in its own order."""

    names: tuple[str, ...]

    @property
    def kind(self) -> StatementKind:
        """Which of the provider's files it is: the one by payouts names them."""
        by_payout = PAYOUT[0] in self.names
        return StatementKind.PAYOUT_RECONCILIATION if by_payout else StatementKind.BALANCE_CHANGE


@dataclass(frozen=True, slots=True)
class Row:
    """One row in minor units.

    :ivar line: the line on which it begins; the heading is line 1
    :ivar notes: what was changed in it, with line and column
    """

    line: int
    provider_id: str
    reporting_category: str
    gross_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    created_at: datetime | None
    available_on: date | None
    source_id: str
    charge_id: str
    payment_intent_id: str
    order_number: str
    order_key: str
    customer_email: str
    payout_key: str
    payout_arrival_on: date | None
    raw: Mapping[str, str]
    notes: tuple[str, ...] = field(default=())


def refuse_what_is_no_text(head: bytes) -> None:
    """This will refuse a file by its first bytes: an empty one, and a spreadsheet that was only renamed.

    :raises BadStatement: saying what it is and what to do
    """
    if not head.strip():
        raise BadStatement("This file is empty. Download it from Stripe again.")
    if head.startswith((ZIP, OLD_SPREADSHEET)):
        raise BadStatement("This is a spreadsheet that was renamed. Open it, save it as CSV (UTF-8), and send that.")
    if b"\x00" in head:
        raise BadStatement("This is not a text file. Download the CSV from Stripe again.")


def heading_of(file: BinaryIO) -> Heading:
    """This will read the first line and return its columns.

    :raises BadStatement: where a required column is missing, or one comes twice
    """
    names = next(_records(file), (1, []))[1]
    columns = tuple(name.strip().lower() for name in names)
    if missing := [name for name in REQUIRED if name not in columns]:
        words = ", ".join(f"“{name}”" for name in missing)
        raise BadStatement(f"Line 1: the column {words} is missing. Take Stripe's itemized report with all columns.")
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise BadStatement(f"Line 1: the column “{twice[0]}” comes twice.")
    return Heading(columns)


def rows_of(file: BinaryIO, *, skip: int = 0) -> Iterator[Row]:
    """This will read the rows one by one, after the first `skip` of them.

    :param file: at its beginning
    :raises BadStatement: at the first row that cannot be taken, with its line and column
    """
    records = _records(file)
    columns = tuple(name.strip().lower() for name in next(records, (1, []))[1])
    for place, (line, cells) in enumerate(record for record in records if any(cell.strip() for cell in record[1])):
        if place < skip:
            continue
        if len(cells) != len(columns):
            raise BadStatement(
                f"Line {line} has {len(cells)} of {len(columns)} columns: it was cut off, or a comma is not quoted."
            )
        yield _row(line, dict(zip(columns, cells, strict=True)))


def _records(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(file)
    reader = csv.reader(lines, strict=True)
    while True:
        begins = lines.number + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadStatement(
                f"Line {begins} cannot be read: a quotation mark is not closed, or a cell is too long."
            ) from error


class _Lines:
    """The lines of a file as text, each with its number, never more than one of them in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.number = file, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST_LINE:
            raise BadStatement(f"Line {self.number} is longer than any line of Stripe's files. This is another file.")
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadStatement(
                f"Line {self.number} is not UTF-8, near character {error.start + 1}. Save the file as CSV (UTF-8)."
            ) from error


def _row(line: int, cells: dict[str, str]) -> Row:
    values = {name: value.strip() for name, value in cells.items()}
    currency = values["currency"].upper()
    if currency not in EXPONENTS:
        raise _bad(line, "currency", f"“{_short(values['currency'])}” is not a currency we sell in.")
    gross, fee, net = (_amount(line, name, values[name], currency) for name in ("gross", "fee", "net"))
    if net != gross - fee:
        sums = f"{_plain(gross, currency)} − {_plain(fee, currency)} = {_plain(gross - fee, currency)}"
        raise _bad(line, "net", f"{_plain(net, currency)} is not gross less fee ({sums}).")
    notes: list[str] = []
    text = {name: _harmless(line, name, value, notes) for name, value in values.items() if value}
    return Row(
        line=line,
        provider_id=_matching(IDENTIFIER, line, "balance_transaction_id", values["balance_transaction_id"]),
        reporting_category=_matching(CATEGORY, line, "reporting_category", values["reporting_category"].lower()),
        gross_minor=gross,
        fee_minor=fee,
        net_minor=net,
        currency=currency,
        created_at=_instant(line, values, CREATED),
        available_on=_day(line, values, AVAILABLE),
        source_id=text.get("source_id", "")[:120],
        charge_id=text.get("charge_id", "")[:120],
        payment_intent_id=text.get("payment_intent_id", "")[:120],
        order_number=text.get(ORDER_NUMBER, "")[:40],
        order_key=text.get(ORDER_KEY, "")[:40],
        customer_email=text.get("customer_email", "")[:255],
        payout_key=next((text[name] for name in PAYOUT if name in text), "")[:120],
        payout_arrival_on=_day(line, values, ARRIVAL),
        raw={name: value for name, value in text.items() if name and name not in READ},
        notes=tuple(notes),
    )


def _amount(line: int, column: str, text: str, currency: str) -> int:
    found, exponent = AMOUNT.fullmatch(text), EXPONENTS[currency]
    decimals = (found[3] or "") if found else ""
    if found is None or decimals[exponent:].strip("0"):
        example = "12.34" if exponent else "1234"
        raise _bad(line, column, f"“{_short(text)}” is not an amount of {currency} such as {example}.")
    minor = int(found[2] + decimals[:exponent].ljust(exponent, "0"))
    return -minor if found[1] else minor


def _instant(line: int, values: dict[str, str], columns: tuple[str, ...]) -> datetime | None:
    column = next((name for name in columns if values.get(name)), "")
    if not column:
        return None
    try:
        at = datetime.fromisoformat(values[column])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _bad(line, column, f"“{_short(values[column])}” is not a date such as 2026-11-24 09:00:00.") from error


def _day(line: int, values: dict[str, str], columns: tuple[str, ...]) -> date | None:
    at = _instant(line, values, columns)
    return at.date() if at else None


def _matching(pattern: re.Pattern[str], line: int, column: str, text: str) -> str:
    if not pattern.fullmatch(text):
        raise _bad(line, column, f"“{_short(text)}” cannot be one." if text else "it is empty.")
    return text


def _harmless(line: int, column: str, text: str, notes: list[str]) -> str:
    # Somebody opens our exports in a spreadsheet, where such a cell would run.
    if not text.startswith(RUNS_AS_FORMULA) or NUMBER.fullmatch(text):
        return text
    notes.append(f"Line {line}, column {column}: a cell that would run as a formula is kept as text.")
    return f"'{text}"


def _plain(minor: int, currency: str) -> str:
    return str(Money(minor, currency))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _bad(line: int, column: str, words: str) -> BadStatement:
    return BadStatement(f"Line {line}, column {column}: {words}")
