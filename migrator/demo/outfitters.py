"""Savanna Outfitters: an overdue package, access details that are being checked, and some that were refused."""

from __future__ import annotations

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import assisted, package
from migrator.journeys.refuse_access import refuse_access

ADMIN_REFUSED = (
    "Your site asks for an extra password before any page (error 401). Please switch that protection off for the "
    "time of the move, or send us its user name and password too."
)


def outfitters(stage: Stage, wanjiru: Person) -> None:
    """This will tell the story of Savanna Outfitters."""
    shop = Sites("www.savanna-outfitters.example", "store.savanna-outfitters.example")
    overdue = stage.ordered(
        wanjiru,
        package("PACK-BASIC", 650, "prestashop", "shopify", plan=3),
        shop,
        token="demo-c1",
        at=stage.at(12, "07:50"),
    )
    stage.under_way(overdue, shop, days_ago=9)
    guides = Sites("guides.savanna-outfitters.example", "stories.savanna-outfitters.example")
    checking = stage.ordered(
        wanjiru,
        assisted("ASSIST-BASIC", 380, "static_html", "squarespace"),
        guides,
        token="demo-c2",
        at=stage.at(2, "13:00"),
    )
    checking = stage.paid(checking, at=stage.at(2, "13:09"))
    stage.submitted(checking, guides, at=stage.at(1, "16:20"))
    forum = Sites("forum.savanna-outfitters.example", "community.savanna-outfitters.example")
    refused = stage.ordered(
        wanjiru,
        package("PACK-EXTENDED", 4_800, "vbulletin", "drupal"),
        forum,
        token="demo-c3",
        at=stage.at(4, "09:15"),
    )
    refused = stage.paid(refused, at=stage.at(4, "09:31"))
    stage.submitted(refused, forum, at=stage.at(3, "12:40"))
    login = stage.items(refused, ItemKind.ADMIN_LOGIN)[0]
    refuse_access(
        stage.session,
        refused,
        problems={login.id: ADMIN_REFUSED},
        author=stage.manager(refused),
        now=stage.at(2, "11:20"),
    )
