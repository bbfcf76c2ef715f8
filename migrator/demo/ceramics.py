"""Casa Ocampo, a pottery: too many pages, a migration that is running, and an order that is completed."""

from __future__ import annotations

from migrator.accounts.models import Person
from migrator.demo.stage import Sites, Stage
from migrator.demo.wishes import package
from migrator.demo.works import (
    checked,
    day_before,
    finished,
    let_end,
    logged,
    previewed,
    set_up,
    started,
    validated,
)
from migrator.fulfilment.checks.models import CheckList
from migrator.fulfilment.previews.rules import CountDraft
from migrator.journeys.count_pages import count_pages
from migrator.journeys.request_restart import request_restart

COUNTS = (
    CountDraft("Pages", 3_120, 3_120, 0),
    CountDraft("Workshops", 86, 86, 0),
    CountDraft("Pictures", 7_004, 6_990, 14, "The file is no longer on the old server"),
)


def ceramics(stage: Stage, lucia: Person) -> None:
    """This will tell the story of Casa Ocampo."""
    _completed(stage, lucia)
    _running(stage, lucia)
    _too_many_pages(stage, lucia)


def _too_many_pages(stage: Stage, lucia: Person) -> None:
    shop = Sites("tienda.casa-ocampo.example", "www.casa-ocampo.example")
    order = stage.ordered(
        lucia, package("PACK-BASIC", 940, "prestashop", "woocommerce"), shop, token="demo-f1", at=stage.at(6, "17:10")
    )
    order = stage.under_way(order, shop, days_ago=3)
    checked(stage, order, CheckList.VALIDATION, at=stage.at(2, "13:30"))
    count_pages(stage.session, order, pages=1_214, by=stage.manager(order), now=stage.at(2, "14:10"))


def _running(stage: Stage, lucia: Person) -> None:
    school = Sites("taller.casa-ocampo.example", "school.casa-ocampo.example")
    order = stage.ordered(
        lucia, package("PACK-EXTENDED", 3_100, "drupal", "wordpress", plan=2), school, token="demo-f2",
        at=stage.at(11, "18:00"),
    )  # fmt: skip
    order = stage.under_way(order, school, days_ago=8)
    set_up(stage, order, pages=3_120, plugins=(("Workshop Calendar", "workshops"),), at=stage.at(5, "16:00"))
    logged(stage, order, 12, "Dates of the workshops brought into one form", at=stage.at(5, "17:00"))
    pages = (("Front page", "/"), ("Glazing for beginners", "/workshops/glazing"), ("Our kilns", "/kilns"))
    words = "The calendar shows all workshops from next month on; past ones are in the archive."
    previewed(stage, order, school, pages=pages, counts=COUNTS, words=words, at=stage.at(3, "12:00"))
    started(stage, order, by=lucia, at=stage.at(1, "17:20"))


def _completed(stage: Stage, lucia: Person) -> None:
    journal = Sites("diario.casa-ocampo.example", "journal.casa-ocampo.example")
    order = stage.ordered(
        lucia, package("PACK-BASIC", 610, "joomla", "wordpress", plan=2), journal, token="demo-f3",
        at=stage.at(35, "17:30"),
    )  # fmt: skip
    order = stage.under_way(order, journal, days_ago=32)
    set_up(stage, order, pages=618, at=stage.at(30, "15:00"))
    pages = (("Front page", "/"), ("Clay from the river", "/2023/clay-from-the-river"), ("About us", "/about"))
    counts = (CountDraft("Posts", 618, 618, 0), CountDraft("Comments", 2_240, 2_240, 0))
    previewed(stage, order, journal, pages=pages, counts=counts, words="", at=stage.at(29, "13:00"))
    started(stage, order, by=lucia, at=stage.at(28, "18:00"))
    finished(stage, order, pages=618, at=stage.at(27, "14:45"))
    validated(stage, order, at=stage.at(26, "12:00"))
    asked_at = stage.at(24, "18:40")
    request_restart(
        stage.session, order, backup_on=day_before(stage, asked_at), is_confirmed=True, person=lucia, now=asked_at
    )
    finished(stage, order, pages=624, at=stage.at(23, "13:10"))
    let_end(stage, order)
