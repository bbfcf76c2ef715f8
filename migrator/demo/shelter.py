"""Riverbank Shelter: a charity that has applied for its discount, with a basket, and an answer that we wait for."""

from __future__ import annotations

from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import package, self_service
from migrator.journeys.apply_for_discount import apply_for_discount
from migrator.journeys.pause_delivery import pause_for_information
from migrator.nonprofit.operations import Particulars

PICTURES_MISSING = (
    "Most animals on the old site have no picture any more: the folder is empty. "
    "Please tell us where the pictures are kept, or that we should go on without them."
)


def shelter(stage: Stage, nisha: Person) -> None:
    """This will tell the story of Riverbank Shelter."""
    site = Sites("www.riverbank-shelter.example", "new.riverbank-shelter.example")
    order = stage.ordered(
        nisha, package("PACK-BASIC", 520, "static_html", "wordpress"), site, token="demo-g1", at=stage.at(13, "13:30")
    )
    order = stage.under_way(order, site, days_ago=10)
    pause_for_information(
        stage.session,
        order,
        label="Where the pictures of the animals are",
        message=PICTURES_MISSING,
        author=stage.manager(order),
        now=stage.at(6, "12:50"),
    )
    apply_for_discount(
        stage.session,
        particulars=Particulars("GB", "1048832", "We take in lost cats and dogs and find homes for them."),
        person=nisha,
        now=stage.at(2, "11:40"),
    )
    events = Sites("events.riverbank-shelter.example", "new.riverbank-shelter.example")
    stage.ordered(
        nisha, self_service("SELF-500", 240, "joomla", "wordpress"), events, token="demo-g2", at=stage.at(1, "13:20")
    )
