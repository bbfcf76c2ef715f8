"""Where a file that was sent waits until it is read: under its own fingerprint, in the instance folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from migrator.finance.reconciliation.lifecycle import StatementKind
from migrator.finance.reconciliation.statements.reading import BadStatement, heading_of, refuse_what_is_no_text

PIECE = 1_000_000
HEAD = 4_096
FOLDER = "statements"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was sent and looked at from outside.

    :ivar line_count: lines after the heading
    """

    kind: StatementKind
    sha256: str
    byte_count: int
    line_count: int


def path_of(folder: Path, sha256: str) -> Path:
    """This will return where a file with that fingerprint lies."""
    return folder / FOLDER / f"{sha256}.csv"


def store(stream: BinaryIO, folder: Path, *, most_bytes: int) -> StoredFile:
    """This will keep what is sent, piece by piece, and look at its heading; what cannot be a statement is not kept.

    :raises BadStatement: for a file that is empty, too large, no text, or without a required column
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    waiting = folder / FOLDER / f"{uuid4().hex}.part"
    try:
        sha256, byte_count, line_count = _copy(stream, waiting, most_bytes)
        with waiting.open("rb") as file:
            refuse_what_is_no_text(file.read(HEAD))
            file.seek(0)
            kind = heading_of(file).kind
        os.replace(waiting, path_of(folder, sha256))
        return StoredFile(kind, sha256, byte_count, max(line_count - 1, 0))
    finally:
        waiting.unlink(missing_ok=True)


def forget(folder: Path, sha256: str) -> None:
    """This will delete a file that nobody will read again."""
    path_of(folder, sha256).unlink(missing_ok=True)


def _copy(stream: BinaryIO, path: Path, most_bytes: int) -> tuple[str, int, int]:
    digest, size, lines, last = hashlib.sha256(), 0, 0, b"\n"
    with path.open("wb") as kept:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > most_bytes:
                most = most_bytes // 1_000_000
                raise BadStatement(
                    f"This file is larger than {most} MB. Take a report of fewer days, and send several."
                )
            digest.update(piece)
            lines += piece.count(b"\n")
            last = piece[-1:]
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    return digest.hexdigest(), size, lines + (last != b"\n")
