"""The bytes of attachments: in the instance folder, under names at random, outside all that is served."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from migrator.errors import NotFound
from migrator.support.attachment_rules import CheckedFile
from migrator.support.models import TicketAttachment, TicketMessage

FOLDER = "attachments"


class FileStore:
    """Where the files of one installation lie, under keys at random."""

    def __init__(self, instance: Path, folder: str = FOLDER) -> None:
        self.folder = instance / folder

    def keep(self, content: bytes) -> str:
        """This will write the bytes and return the key under which they are found."""
        key = secrets.token_hex(16)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
        return key

    def read(self, key: str) -> bytes:
        """This will return the bytes that were kept.

        :raises NotFound: when they are gone
        """
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("This file is no longer here.") from error

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key


def attach(
    session: Session, message: TicketMessage, files: Iterable[CheckedFile], *, store: FileStore, now: datetime
) -> tuple[TicketAttachment, ...]:
    """This will keep files that were checked, with the message that they came with.

    What is written and then not committed lies under a name that no row has; nobody can ask for it.
    """
    kept = tuple(
        TicketAttachment(
            ticket_id=message.ticket_id,
            message_id=message.id,
            key=store.keep(file.content),
            file_name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            kept_at=now,
        )
        for file in files
    )
    session.add_all(kept)
    session.flush()
    return kept
