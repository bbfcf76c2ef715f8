"""`migrator mail receive`: takes one message of mail, so that any mail server can pipe to it."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from migrator.cli.installation import Installation
from migrator.database.session import transaction
from migrator.support.files import FileStore
from migrator.support.mail.operations import FOLDER, keep_mail
from migrator.wiring import wiring

MEGABYTE = 1024 * 1024
TRY_AGAIN = 75
NO_MESSAGE = 65


@click.group()
def mail() -> None:
    """Take in mail."""


@mail.command()
@click.pass_obj
def receive(installation: Installation) -> None:
    """Keep the message on standard input; a worker looks at it within seconds.

    Ends with 0 when it is kept, or was kept before; with 75 when the mail server should try again later; with 65 when
    there is no message.
    """
    settings = installation.settings()
    # One byte more than is taken tells that there is more; the rest is read and let go, or the server would stumble.
    raw = sys.stdin.buffer.read(settings.mail_megabytes * MEGABYTE + 1)
    while sys.stdin.buffer.read(MEGABYTE):
        pass
    if not raw.strip():
        click.echo("There is no message on standard input.", err=True)
        sys.exit(NO_MESSAGE)
    app = installation.application()
    with app.app_context():
        try:
            store, most_bytes = FileStore(settings.instance, FOLDER), settings.mail_megabytes * MEGABYTE
            with transaction() as session:
                keep_mail(session, raw, most_bytes=most_bytes, store=store, now=wiring().clock.now())
            wiring().wake()
        except (OperationalError, OSError) as error:
            click.echo(f"The message could not be kept now: {error}", err=True)
            sys.exit(TRY_AGAIN)
