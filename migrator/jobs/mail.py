"""Taking in mail: each message is kept first, then looked at in a transaction of its own."""

from __future__ import annotations

from email.utils import parseaddr

from migrator.database.session import reading, transaction
from migrator.jobs.recording import each, recorded
from migrator.journeys.receive_mail import Reception, settle_mail
from migrator.settings import Settings
from migrator.support.attachment_rules import AttachmentLimits
from migrator.support.files import FileStore
from migrator.support.mail.imap import Mailbox, fetch
from migrator.support.mail.operations import FOLDER, keep_mail
from migrator.support.mail.queries import waiting_mail_ids
from migrator.support.mail.rules import Ours
from migrator.upkeep.tasks import Task
from migrator.wiring import wiring

MEGABYTE = 1024 * 1024
AT_ONCE = 100


def keep(raw: bytes) -> bool:
    """This will keep a message and wake the worker; false when it was kept before."""
    parts = wiring()
    with transaction() as session:
        kept = keep_mail(
            session,
            raw,
            most_bytes=parts.settings.mail_megabytes * MEGABYTE,
            store=FileStore(parts.settings.instance, FOLDER),
            now=parts.clock.now(),
        )
        is_new = kept is not None
    parts.wake()
    return is_new


@recorded(Task.MAIL)
def look_at_mail() -> int:
    """This will fetch what lies in the mailbox, where there is one, and look at everything that waits."""
    settings = wiring().settings
    try:
        if settings.imap_host:
            fetch(_mailbox(settings), keep)
    finally:
        # What was kept is looked at, whether or not the mailbox answers.
        looked_at = _settle_all()
    return looked_at


def _settle_all() -> int:
    with reading() as session:
        waiting = waiting_mail_ids(session, limit=AT_ONCE)
    return each(Task.MAIL, waiting, _settle)


def _settle(mail_id: int) -> int:
    parts = wiring()
    with transaction() as session:
        return settle_mail(session, mail_id, reception=_reception(parts.settings), now=parts.clock.now())


def _reception(settings: Settings) -> Reception:
    return Reception(
        ours=Ours(
            desk=parseaddr(settings.mail_from)[1].lower(),
            hosting=settings.hosting_mail.lower(),
            checker=settings.mail_checker,
        ),
        letters=FileStore(settings.instance, FOLDER),
        files=FileStore(settings.instance),
        limits=AttachmentLimits(settings.attachment_megabytes * MEGABYTE, settings.attachments),
    )


def _mailbox(settings: Settings) -> Mailbox:
    return Mailbox(
        settings.imap_host, settings.imap_port, settings.imap_user, settings.imap_password, settings.imap_folder
    )
