"""The way out to a mail server: the only module that speaks SMTP. Never called inside a transaction."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from migrator.errors import DomainError
from migrator.settings import Settings

TIMEOUT_SECONDS = 20
IMPLICIT_TLS_PORT = 465


class NotTaken(DomainError):
    """The mail server did not take this message now; it is worth trying again."""


class ServerUnreachable(NotTaken):
    """No mail server answered, so that other messages need not be tried now."""


class NeverTaken(DomainError):
    """This message cannot be delivered to this address, now or later."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way out.

    :ivar message_id: the same at each try, so that a mail server can drop a repetition
    :ivar thread: what it belongs to, such as a ticket's number; empty for letters of their own
    :ivar stop_url: where mail programs may switch such letters off with one click (RFC 8058); empty for the others
    """

    owed_id: int
    address: str
    subject: str
    text: str
    html: str
    message_id: str
    written_at: datetime
    stop_url: str = ""
    thread: str = ""


class Postman(Protocol):
    """Somebody who takes letters out of the house."""

    def send(self, letter: Letter) -> None:
        """This will hand a letter to a mail server.

        :raises NotTaken: for a reason that may pass
        :raises NeverTaken: for a reason that stays
        """
        ...


class SmtpPostman:
    """Hands letters to the mail server of the settings, one connection for each letter."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send(self, letter: Letter) -> None:
        """This will hand a letter to the mail server; see `Postman.send`."""
        try:
            message = _message(letter, sender=self.settings.mail_from)
        except ValueError as error:
            raise NeverTaken(f"This is not an address that mail can be sent to: {error}.") from error
        try:
            with self._server() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused_recipient(error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NeverTaken(f"The mail server cannot deliver to such an address: {error}.") from error
        except (smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected, smtplib.SMTPAuthenticationError) as error:
            raise ServerUnreachable(f"The mail server broke off: {error}.") from error
        except smtplib.SMTPException as error:
            raise NotTaken(f"The mail server did not take the message: {error}.") from error
        except OSError as error:
            raise ServerUnreachable(f"The mail server does not answer: {error}.") from error

    def _server(self) -> smtplib.SMTP:
        settings = self.settings
        kind = smtplib.SMTP_SSL if settings.smtp_port == IMPLICIT_TLS_PORT else smtplib.SMTP
        server = kind(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


def _refused_recipient(error: smtplib.SMTPRecipientsRefused) -> DomainError:
    code, answer = next(iter(error.recipients.values()))
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    kind = NeverTaken if 500 <= code < 600 else NotTaken
    return kind(f"The mail server refused the address: {code} {words}.")


def _message(letter: Letter, *, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    if letter.thread:
        # A message that never was: all letters of the thread name it, so that mail programs show them together.
        message["References"] = f"<{letter.thread}{letter.message_id[letter.message_id.index('@') :]}"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
