"""A mailbox that is asked for its mail: the only module that speaks IMAP. Never called inside a transaction."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from migrator.errors import DomainError

TIMEOUT_SECONDS = 20
AT_ONCE = 50
TLS_PORT = 993


class MailboxUnreachable(DomainError):
    """The mailbox does not answer or does not let us in; it is asked again with the next look."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail is fetched from.

    :ivar host: empty where none is set up
    """

    host: str
    port: int = TLS_PORT
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"


def fetch(mailbox: Mailbox, keep: Callable[[bytes], object]) -> int:
    """This will hand every unseen message over, and mark it as seen once it was kept; return how many there were.

    One that was kept and not marked, because we were killed between, comes again and is known again.

    :param keep: returns when the message is safe
    :raises MailboxUnreachable: when the mailbox does not answer, or refuses
    """
    try:
        with IMAPClient(mailbox.host, mailbox.port, ssl=mailbox.port == TLS_PORT, timeout=TIMEOUT_SECONDS) as client:
            client.login(mailbox.user, mailbox.password)
            client.select_folder(mailbox.folder)
            unseen = client.search("UNSEEN")[:AT_ONCE]
            for number in unseen:
                keep(client.fetch(number, "BODY.PEEK[]")[number][b"BODY[]"])
                client.add_flags(number, [b"\\Seen"])
            return len(unseen)
    except (IMAPClientError, OSError, socket.gaierror, ssl.SSLError) as error:
        raise MailboxUnreachable(f"The mailbox {mailbox.user or ''}@{mailbox.host} cannot be read: {error}.") from error
