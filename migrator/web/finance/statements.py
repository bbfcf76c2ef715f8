"""The provider's files: send one, see how far it is, interrupt it, go on, or read why it was refused."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import DomainError, NotFound
from migrator.finance.reconciliation.lifecycle import ImportState, StatementKind
from migrator.finance.reconciliation.models import StatementImport
from migrator.finance.reconciliation.queries import import_of
from migrator.finance.reconciliation.statements.imports import (
    begin_import,
    import_of_bytes,
    interrupt_import,
    resume_import,
)
from migrator.finance.reconciliation.statements.reading import BadStatement
from migrator.finance.reconciliation.statements.storing import StoredFile, store
from migrator.history.actor import Role
from migrator.settings import Settings
from migrator.web.audience import open_to
from migrator.web.finance import pages
from migrator.web.finance.showing import moment
from migrator.web.request import now, person
from migrator.web.uploads import MEGABYTE, takes_a_file
from migrator.wiring import wiring

NAME_LENGTH = 200
STATES = {
    ImportState.READING: ("Being read", "info"),
    ImportState.INTERRUPTED: ("Interrupted", "attention"),
    ImportState.REFUSED: ("Refused", "problem"),
    ImportState.DONE: ("Imported", "done"),
}
KINDS = {
    StatementKind.PAYOUT_RECONCILIATION: "Payout reconciliation",
    StatementKind.BALANCE_CHANGE: "Balance change from activity",
}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file, with its progress."""

    id: int
    name: str
    kind: str
    who: str
    at_text: str
    state: str
    tone: str
    done: int
    total: int
    result: str
    notes: tuple[str, ...]
    is_reading: bool
    is_interrupted: bool


def _megabytes(settings: Settings) -> int:
    return settings.statement_megabytes


@pages.get("/finance/reconciliation/imports/new")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def new_import() -> str:
    """This will show where to send a file."""
    return _asking()


@pages.post("/finance/reconciliation/imports/new")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
@takes_a_file(_megabytes)
def send_file() -> Response | tuple[str, int]:
    """This will keep a file and have the worker read it; the same bytes are one import."""
    sent = request.files.get("statement")
    if sent is None or not sent.filename:
        return _asking("Choose the CSV file that you downloaded from Stripe."), 422
    settings = wiring().settings
    try:
        stored = store(
            cast(BinaryIO, sent.stream), settings.instance, most_bytes=settings.statement_megabytes * MEGABYTE
        )
        import_id, is_known = _begin(sent, stored)
    except DomainError as refusal:
        return _asking(str(refusal)), 409
    flash("This file was sent before: nothing is imported twice." if is_known else "The file is being read.")
    return redirect(url_for("finance.statement_import", import_id=import_id), 303)


@pages.get("/finance/reconciliation/imports/<int:import_id>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def statement_import(import_id: int) -> str:
    """This will show how far a file is, or what became of it."""
    return _shown(import_id)


@pages.post("/finance/reconciliation/imports/<int:import_id>/<any(interrupt, resume):deed>")
@open_to(Role.FINANCE, Role.ADMINISTRATOR)
def change_import(import_id: int, deed: str) -> Response | tuple[str, int]:
    """This will stop reading a file, or go on with it."""
    try:
        with transaction() as session:
            change = interrupt_import if deed == "interrupt" else resume_import
            change(session, import_of(session, import_id, for_update=True))
    except NotFound:
        raise
    except DomainError as refusal:
        return _shown(import_id, str(refusal)), 409
    flash("Reading stops. Nothing of the file counts yet." if deed == "interrupt" else "Reading goes on.")
    return redirect(url_for("finance.statement_import", import_id=import_id), 303)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """This will say how large a file may be."""
    most = wiring().settings.statement_megabytes
    return _asking(f"This file is larger than {most} MB. Take a report of fewer days, and send several."), 413


def import_row(statement: StatementImport) -> ImportRow:
    """This will show one file."""
    state, tone = STATES[statement.state]
    return ImportRow(
        id=statement.id,
        name=statement.file_name,
        kind=KINDS[statement.kind],
        who=statement.imported_by.display_name,
        at_text=moment(statement.imported_at),
        state=state,
        tone=tone,
        done=statement.done_rows,
        total=statement.row_count or 0,
        result=_result(statement),
        notes=tuple(statement.notes),
        is_reading=statement.state is ImportState.READING,
        is_interrupted=statement.state is ImportState.INTERRUPTED,
    )


def _begin(sent: FileStorage, stored: StoredFile) -> tuple[int, bool]:
    try:
        with transaction() as session:
            if known := import_of_bytes(session, stored.sha256):
                return known.id, True
            statement = begin_import(
                session,
                kind=stored.kind,
                file_name=PurePosixPath(sent.filename or "").name[:NAME_LENGTH],
                sha256=stored.sha256,
                byte_count=stored.byte_count,
                line_count=stored.line_count,
                imported_by_id=person().id,
                now=now(),
            )
            return statement.id, False
    except IntegrityError as error:
        raise BadStatement("This file is being sent by somebody else at this moment. Look at the list.") from error


def _result(statement: StatementImport) -> str:
    match statement.state:
        case ImportState.REFUSED:
            return statement.problem
        case ImportState.DONE:
            new = statement.done_rows - statement.known_rows
            return f"{new:,} movements are new, {statement.known_rows:,} were known."
    return f"{statement.done_rows:,} of about {statement.row_count or 0:,} rows read. None of them counts yet."


def _asking(refusal: str = "") -> str:
    return render_template("finance/import_new.html", refusal=refusal, most=wiring().settings.statement_megabytes)


def _shown(import_id: int, refusal: str = "") -> str:
    with reading() as session:
        row = import_row(import_of(session, import_id))
    return render_template("finance/import.html", row=row, refusal=refusal)
