"""Lindqvist Books: a package whose support hours run out, one that needs access, and a finished move."""

from __future__ import annotations

from migrator.access.lifecycle import ItemKind
from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import assisted, package
from migrator.demo.works import finished, let_end, logged, previewed, set_up, started, validated
from migrator.fulfilment.hours.models import TimeKind
from migrator.fulfilment.previews.rules import CountDraft
from migrator.journeys.offer_supplement import offer_hours
from migrator.journeys.pause_delivery import pause_for_information
from migrator.orders.models import Order

TEMPLATE_MISSING = (
    "The new site has two templates that look alike. Please tell us which of them the moved pages should use."
)


def books(stage: Stage, tomas: Person, maja: Person) -> None:
    """This will tell the story of Lindqvist Books."""
    shop = Sites("www.lindqvist-books.example", "shop.lindqvist-books.example")
    order = stage.ordered(
        tomas,
        package("PACK-BASIC", 940, "magento", "woocommerce", plan=1),
        shop,
        token="demo-b1",
        at=stage.at(9, "08:45"),
    )
    order = stage.under_way(order, shop, days_ago=7)
    pause_for_information(
        stage.session,
        order,
        label="Which template the new pages should use",
        message=TEMPLATE_MISSING,
        author=stage.manager(order),
        now=stage.at(5, "16:30"),
    )
    question = stage.items(order, ItemKind.INFORMATION)[0]
    stage.answered(order, question, shop, at=stage.at(4, "17:30"))
    stage.checked_again(order, question, at=stage.at(4, "18:10"))
    _hours_run_out(stage, order)
    forum = Sites("forum.lindqvist-books.example", "readers.lindqvist-books.example")
    second = stage.ordered(
        maja, assisted("ASSIST-STANDARD", 2_200, "phpbb", "wordpress"), forum, token="demo-b2", at=stage.at(2, "10:00")
    )
    second = stage.paid(second, at=stage.at(2, "10:12"))
    stage.gave(second, ItemKind.FTP, forum, at=stage.at(1, "11:25"))
    _finished_by_silence(stage, tomas)


def _hours_run_out(stage: Stage, order: Order) -> None:
    logged(stage, order, 14, "Call about the shop’s structure, and its notes", at=stage.at(6, "15:30"))
    work = TimeKind.CUSTOMISATION
    logged(stage, order, 22, "Product pages: author and series beside the price", at=stage.at(3, "16:40"), kind=work)
    logged(stage, order, 18, "Shelves by subject instead of one long list", at=stage.at(2, "17:20"), kind=work)
    offer_hours(
        stage.session,
        order,
        minutes=180,
        by=stage.manager(order),
        now=stage.at(1, "14:05"),
        words="For the reading lists that you asked for. We begin as soon as it is paid.",
    )


def _finished_by_silence(stage: Stage, tomas: Person) -> None:
    letters = Sites("letters.lindqvist-books.example", "newsletter.lindqvist-books.example")
    order = stage.ordered(
        tomas,
        assisted("ASSIST-STANDARD", 460, "joomla", "wordpress"),
        letters,
        token="demo-b3",
        at=stage.at(25, "10:40"),
    )
    order = stage.under_way(order, letters, days_ago=23)
    set_up(stage, order, pages=455, plugins=(("Newsletter Archive", "newsletters"),), at=stage.at(22, "15:00"))
    previewed(
        stage,
        order,
        letters,
        pages=(("Autumn letter", "/2024/autumn"), ("All letters", "/all"), ("Subscribe", "/subscribe")),
        counts=(CountDraft("Letters", 455, 455, 0), CountDraft("Pictures", 1_310, 1_310, 0)),
        words="All letters are here, with their pictures.",
        at=stage.at(21, "12:30"),
    )
    started(stage, order, by=tomas, at=stage.at(20, "09:15"))
    finished(stage, order, pages=455, at=stage.at(20, "11:40"))
    validated(stage, order, at=stage.at(19, "13:00"))
    let_end(stage, order)
