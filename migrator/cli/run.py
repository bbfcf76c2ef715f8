"""`migrator run`: everything that one machine needs, as one foreground command."""

from __future__ import annotations

import socket
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

import click

from migrator.cli.demo import load_into_empty
from migrator.cli.installation import Installation
from migrator.cli.past import tell_sandbox
from migrator.cli.setup import prepare
from migrator.cli.supervisor import Service, Supervisor
from migrator.database.base import db
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.errors import DomainError
from migrator.settings import Settings

LOCAL = "127.0.0.1"
ANSWERS_WITHIN_SECONDS = 2


class PortTaken(DomainError):
    """Another program listens where one of ours should."""


@click.command()
@click.pass_obj
def run(installation: Installation) -> None:
    """Sets up what is missing, then runs pages, worker and test payments until Ctrl-C."""
    settings = installation.settings()
    refuse_taken_ports(settings)
    app = installation.application()
    prepare(app)
    if settings.demo:
        load_into_empty(app)
    if settings.demo and settings.uses_sandbox:
        tell_sandbox(app)
    with app.app_context():
        db.engine.dispose()
    Supervisor(services(settings), say=click.echo).run(when_ready=partial(_welcome, settings))


def services(settings: Settings) -> list[Service]:
    """This will return what runs: pages and worker always, the stand-ins only where nothing real is set."""
    running = [
        Service("web", "web", partial(_answers, settings.port, "/healthz")),
        Service("worker", "worker", lambda: True),
    ]
    if settings.uses_sandbox:
        answers = partial(_answers, settings.sandbox_port, "/_sandbox/health")
        running.append(Service("test payments", "sandbox", answers))
    if keeps_mail(settings):
        running.append(Service("mail", "mail-sink", partial(_is_taken, settings.smtp_port)))
    return running


def keeps_mail(settings: Settings) -> bool:
    """Whether the demonstration's own mail server takes the messages: only where no other server was set."""
    return settings.demo and settings.smtp_host == LOCAL


def refuse_taken_ports(settings: Settings) -> None:
    """This will check that nobody listens where we are about to.

    :raises PortTaken: naming the port and the setting that changes it
    """
    ports = {"MIGRATOR_PORT": settings.port}
    if settings.uses_sandbox:
        ports["MIGRATOR_SANDBOX_PORT"] = settings.sandbox_port
    if keeps_mail(settings):
        ports["MIGRATOR_SMTP_PORT"] = settings.smtp_port
    for name, port in ports.items():
        if _is_taken(port):
            raise PortTaken(f"Port {port} is used by another program. End that, or choose another port with {name}.")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(ANSWERS_WITHIN_SECONDS)
        return probe.connect_ex((LOCAL, port)) == 0


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(LOCAL, port, timeout=ANSWERS_WITHIN_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings) -> None:
    lines = ["", "Migrator is ready.", f"  Pages          {settings.base_url}"]
    if settings.uses_sandbox:
        lines.append(f"  Test payments  {settings.stripe_api_base} (no real money; card 4242 4242 4242 4242)")
    if settings.demo:
        lines += [f"  Mailbox        {settings.base_url}/demo/mail", "", f"Demo accounts, password “{PASSWORD}”:"]
        lines += [f"  {person.email:<40} {person.task}" for person in PEOPLE]
    click.echo("\n".join([*lines, "", "Ctrl-C ends everything.", ""]))
