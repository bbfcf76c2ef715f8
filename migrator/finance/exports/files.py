"""Lines as CSV (RFC 4180) and as XLSX: the same lines give the same bytes, and neither is ever whole in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import IO

import xlsxwriter

from migrator.finance.exports.columns import Cell, Table, harmless

# A file says when it was made; the same bytes each time need the same moment.
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zones
WIDTH = 18
Lines = Iterable[tuple[Cell, ...]]


def csv_text(table: Table, lines: Lines) -> Iterator[str]:
    """This will return the lines as CSV, line by line, the names of the columns first."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(table.columns)
    yield _taken(written)
    for cells in lines:
        writer.writerow([_text(cell) for cell in cells])
        yield _taken(written)


def csv_hash(table: Table, lines: Lines) -> tuple[str, int]:
    """This will return the SHA-256 of the lines as CSV, and how many lines there are."""
    digest, count = sha256(), -1
    for text in csv_text(table, lines):
        digest.update(text.encode())
        count += 1
    return digest.hexdigest(), count


def write_xlsx(file: IO[bytes], table: Table, lines: Lines) -> None:
    """This will write the lines as a workbook with one sheet: numbers as numbers, everything else as text."""
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": table.title, "author": "Migrator", "created": MADE_AT})
        sheet = book.add_worksheet(table.title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, WIDTH)
        head = book.add_format({"bold": True})
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, head)
        for row, cells in enumerate(lines, start=1):
            for column, cell in enumerate(cells):
                if isinstance(cell, int | Decimal):
                    sheet.write_number(row, column, cell)
                elif cell:
                    sheet.write_string(row, column, harmless(cell))


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    return "" if cell is None else str(cell)


def _taken(written: io.StringIO) -> str:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text
