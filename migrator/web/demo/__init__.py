"""Pages of the demonstration alone: who to sign in as, the mailbox, and the clock. Without it they do not exist.

Read `people.py` first.
"""

from flask import Blueprint, abort

from migrator.wiring import wiring

pages = Blueprint("demo", __name__)


@pages.before_request
def only_in_the_demonstration() -> None:
    """This will answer as if there were no such page outside the demonstration."""
    if not wiring().settings.demo:
        abort(404)


from migrator.web.demo import mailbox, people  # noqa: E402, F401
