"""Atelier Ferreira: a package that waits for a password, a basket that is ready to pay, and one given up."""

from __future__ import annotations

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import package, self_service
from migrator.fulfilment.models import PauseReason
from migrator.journeys.pause_delivery import pause_delivery
from migrator.orders.operations import cancel

FTP_REFUSED = (
    "We cannot log in: the server refuses the password for the user northbridge. "
    "Please set a new password for this user at your host and send it to us here."
)


def atelier(stage: Stage, ines: Person) -> None:
    """This will tell the story of Atelier Ferreira."""
    shop = Sites("old.atelier-ferreira.example", "www.atelier-ferreira.example")
    order = stage.ordered(
        ines, package("PACK-BASIC", 812, "joomla", "wordpress", plan=2), shop, token="demo-a1", at=stage.at(6, "09:30")
    )
    order = stage.under_way(order, shop, days_ago=4)
    ftp = stage.items(order, ItemKind.FTP)[0]
    pause_delivery(
        stage.session,
        order,
        ftp,
        reason=PauseReason.ACCESS_WRONG,
        message=FTP_REFUSED,
        author=stage.manager(order),
        now=stage.at(2, "15:00"),
    )
    blog = Sites("blog.atelier-ferreira.example", "journal.atelier-ferreira.example")
    stage.ordered(
        ines, package("PACK-EXTENDED", 3_400, "drupal", "wordpress"), blog, token="demo-a2", at=stage.at(1, "12:05")
    )
    given_up = stage.ordered(
        ines, self_service("SELF-500", 430, "wix", "wordpress"), blog, token="demo-a3", at=stage.at(9, "13:20")
    )
    cancel(stage.session, given_up, actor=ines.actor, now=stage.at(8, "09:00"))
