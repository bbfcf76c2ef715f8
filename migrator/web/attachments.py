"""Files that come with a message on a ticket: read from the form, checked, and where they are kept."""

from __future__ import annotations

from flask import request

from migrator.support.attachment_rules import MEGABYTE, AttachmentLimits, CheckedFile, Upload, checked_files
from migrator.support.files import FileStore
from migrator.web.uploads import takes_a_file
from migrator.wiring import wiring

# One more than is taken fits into a request, so that one too many gets its sentence.
takes_attachments = takes_a_file(lambda settings: settings.attachment_megabytes * (settings.attachments + 1) + 1)


def limits() -> AttachmentLimits:
    """This will return how large files may be and how many come with one message."""
    settings = wiring().settings
    return AttachmentLimits(settings.attachment_megabytes * MEGABYTE, settings.attachments)


def store() -> FileStore:
    """This will return where the files of this installation lie."""
    return FileStore(wiring().settings.instance)


def sent_files(name: str = "files") -> tuple[CheckedFile, ...]:
    """This will return the files that came with the form, checked.

    :raises FileNotTaken: for one that we do not take
    """
    # A browser sends an empty part for a field in which nothing was chosen.
    found = [file for file in request.files.getlist(name) if file.filename]
    return checked_files(tuple(Upload(file.filename or "", file.read()) for file in found), limits())
