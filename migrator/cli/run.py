"""`migrator run`: everything that one machine needs, as one foreground command."""

from __future__ import annotations

from functools import partial

import click

from migrator.cli.demo import load_into_empty
from migrator.cli.installation import Installation
from migrator.cli.past import tell_sandbox
from migrator.cli.ports import LOCAL, PortTaken, answers, is_taken
from migrator.cli.setup import prepare
from migrator.cli.supervisor import Service, Supervisor
from migrator.database.base import db
from migrator.demo.people import PASSWORD, PEOPLE
from migrator.settings import Settings


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
        Service("web", "web", partial(answers, settings.port, "/healthz")),
        Service("worker", "worker", lambda: True),
    ]
    if settings.uses_sandbox:
        running.append(Service("test payments", "sandbox", partial(answers, settings.sandbox_port, "/_sandbox/health")))
    if keeps_mail(settings):
        running.append(Service("mail", "mail-sink", partial(is_taken, settings.smtp_port)))
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
        if is_taken(port):
            raise PortTaken(f"Port {port} is used by another program. End that, or choose another port with {name}.")


def _welcome(settings: Settings) -> None:
    lines = ["", "Migrator is ready.", f"  Pages          {settings.base_url}"]
    if settings.uses_sandbox:
        lines.append(f"  Test payments  {settings.stripe_api_base} (no real money; card 4242 4242 4242 4242)")
    if settings.demo:
        lines += [f"  Mailbox        {settings.base_url}/demo/mail", "", f"Demo accounts, password “{PASSWORD}”:"]
        lines += [f"  {person.email:<40} {person.task}" for person in PEOPLE]
    click.echo("\n".join([*lines, "", "Ctrl-C ends everything.", ""]))
