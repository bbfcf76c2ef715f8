"""Quill & Compass, a travel magazine: a preview to look at, and a package after its migration."""

from __future__ import annotations

from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import assisted, package
from migrator.demo.works import drafted, finished, logged, previewed, set_up, started, validated
from migrator.fulfilment.hours.models import TimeKind
from migrator.fulfilment.previews.rules import CountDraft
from migrator.journeys.change_result import finish_change, request_change, take_up
from migrator.orders.models import Order

COUNTS = (
    CountDraft("Articles", 1_284, 1_284, 0),
    CountDraft("Comments", 9_420, 9_377, 43, "Marked as spam on the old site"),
    CountDraft("Pictures", 6_150, 6_139, 11, "The file is no longer on the old server"),
    CountDraft("Authors", 38, 37, 1, "Two accounts with the same address were joined"),
)
PAGES = (
    ("Front page", "/"),
    ("Twelve ferries of the west coast", "/journeys/twelve-ferries"),
    ("Night train to the north", "/journeys/night-train"),
    ("Packing list for rain", "/guides/packing-for-rain"),
    ("All authors", "/authors"),
    ("Readers’ forum", "/forum"),
)
SHOP_COUNTS = (
    CountDraft("Products", 214, 214, 0),
    CountDraft("Customers", 3_902, 3_871, 31, "The same e-mail address twice: the newer account was kept"),
    CountDraft("Orders", 5_618, 5_612, 6, "Addressed to a country that the new shop does not deliver to"),
)
SHOP_PAGES = (
    ("Front page", "/"),
    ("Map of the western islands", "/maps/western-islands"),
    ("Basket", "/basket"),
    ("Delivery and returns", "/delivery"),
)


def magazine(stage: Stage, aoife: Person) -> None:
    """This will tell the story of Quill & Compass."""
    _shop(stage, aoife)
    _preview(stage, aoife)


def _preview(stage: Stage, aoife: Person) -> None:
    site = Sites("old.quill-and-compass.example", "www.quill-and-compass.example")
    order = stage.ordered(
        aoife, assisted("ASSIST-STANDARD", 1_300, "drupal", "wordpress", plan=1), site, token="demo-e1",
        at=stage.at(6, "11:10"),
    )  # fmt: skip
    order = stage.under_way(order, site, days_ago=3)
    set_up(stage, order, pages=1_322, plugins=(("Campfire Forum", "forum posts"),), at=stage.at(2, "17:00"))
    words = "The forum looks a little different: it now has one page for each subject."
    previewed(stage, order, site, pages=PAGES, counts=COUNTS, words=words, at=stage.at(1, "15:30"))


def _shop(stage: Stage, aoife: Person) -> None:
    shop = Sites("maps.quill-and-compass.example", "shop.quill-and-compass.example")
    order = stage.ordered(
        aoife, package("PACK-BASIC", 950, "bigcommerce", "woocommerce", plan=3), shop, token="demo-e2",
        at=stage.at(14, "12:00"),
    )  # fmt: skip
    order = stage.under_way(order, shop, days_ago=11)
    set_up(stage, order, pages=968, plugins=(("Island Parcels", "delivery zones"),), at=stage.at(9, "16:10"))
    logged(stage, order, 6, "Call about taxes and delivery zones", at=stage.at(9, "16:40"))
    words = "Prices, taxes and delivery zones are as on the old shop. Please try one order to the end."
    previewed(stage, order, shop, pages=SHOP_PAGES, counts=SHOP_COUNTS, words=words, at=stage.at(8, "14:20"))
    started(stage, order, by=aoife, at=stage.at(7, "10:05"))
    finished(stage, order, pages=968, at=stage.at(5, "15:20"))
    validated(stage, order, at=stage.at(4, "12:30"))
    _changes(stage, order, aoife)


def _changes(stage: Stage, order: Order, aoife: Person) -> None:
    session, actor = stage.session, stage.manager(order).actor
    rework, customisation, change = TimeKind.REWORK, TimeKind.CUSTOMISATION, TimeKind.CHANGE
    logged(stage, order, 10, "Map sheets sorted by region", at=stage.at(4, "17:10"), kind=customisation)
    wish = request_change(
        session, order, body="Please show the scale of each map in its title.", person=aoife, now=stage.at(4, "18:20")
    )
    take_up(session, order, wish, actor=actor, now=stage.at(3, "11:15"))
    logged(stage, order, 8, "Scale in the titles", at=stage.at(3, "13:40"), kind=change, change_request_id=wish.id)
    answer = "All 214 titles end with the scale now. New maps get it by themselves."
    finish_change(session, order, wish, answer=answer, actor=actor, now=stage.at(3, "13:50"))
    logged(stage, order, 5, "One delivery zone was set twice", at=stage.at(2, "12:05"), kind=rework)
    body = "The folded and the rolled maps should be one product with a choice."
    second = request_change(session, order, body=body, person=aoife, now=stage.at(2, "16:00"))
    take_up(session, order, second, actor=actor, now=stage.at(1, "12:10"))
    drafted(stage, order, 4, "Folded and rolled: first ten products joined", at=stage.at(1, "17:30"))
