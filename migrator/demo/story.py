"""The demonstration's company: people, orders in every state, and quotes, each brought there by its journey."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from migrator.access.lifecycle import ItemKind
from migrator.access.vault import Vault
from migrator.accounts.models import Person
from migrator.accounts.operations import add_person, change_profile, sign_up
from migrator.accounts.passwords import hashed
from migrator.calendars.operations import fill_calendars
from migrator.calendars.queries import calendar
from migrator.catalogue.rules import Selection
from migrator.demo.people import PASSWORD, PEOPLE, DemoPerson
from migrator.demo.stage import Sites, Stage
from migrator.errors import DomainError
from migrator.fulfilment.models import PauseReason
from migrator.history.actor import SYSTEM, Role
from migrator.journeys.accept_quote import accept_quote
from migrator.journeys.answer_quote import answer_quote
from migrator.journeys.pause_delivery import pause_delivery, pause_for_information
from migrator.journeys.refuse_access import refuse_access
from migrator.journeys.request_quote import ask_for_price
from migrator.money import Money
from migrator.orders.operations import cancel
from migrator.orders.quote_models import Quote
from migrator.orders.quote_queries import quote_for_staff
from migrator.orders.rules import Declaration, Offer, usual_expiry
from migrator.policy.loading import calendar_plans, migration_desk
from migrator.policy.types import Family

# The earliest moment of the story; its year must be filled too.
BEGAN_DAYS_AGO = 60
FTP_REFUSED = (
    "We cannot log in: the server refuses the password for the user northbridge. "
    "Please set a new password for this user at your host and send it to us here."
)
ADMIN_REFUSED = (
    "Your site asks for an extra password before any page (error 401). Please switch that protection off for the "
    "time of the move, or send us its user name and password too."
)
TEMPLATE_MISSING = (
    "The new site has two templates that look alike. Please tell us which of them the moved pages should use."
)


class NotEmpty(DomainError):
    """The database holds people already."""


def is_empty(session: Session) -> bool:
    """Whether nobody is there yet."""
    return session.scalar(select(Person.id).limit(1)) is None


def load(session: Session, *, vault: Vault, base_url: str, now: datetime) -> None:
    """This will build the whole company at moments before `now`; the caller's transaction keeps all of it or nothing.

    :raises NotEmpty: when there are people already
    """
    if not is_empty(session):
        raise NotEmpty("The demonstration is loaded into an empty database alone, and this one holds people already.")
    began_at = now - timedelta(days=BEGAN_DAYS_AGO)
    fill_calendars(session, plans=calendar_plans(), now=began_at, actor=SYSTEM)
    fill_calendars(session, plans=calendar_plans(), now=now, actor=SYSTEM)
    people = _people(session, began_at)
    stage = Stage(session, calendar(session, migration_desk().calendar), vault, base_url, now)
    _atelier(stage, people["ines@atelier-ferreira.example"])
    _books(stage, people["tomas@lindqvist-books.example"], people["maja@lindqvist-books.example"])
    _outfitters(stage, people["wanjiru@savanna-outfitters.example"])
    _museum(stage, people["henrik@nordlys-museum.example"], people["daniel@northbridge.example"])


def _people(session: Session, began_at: datetime) -> dict[str, Person]:
    password_hash = hashed(PASSWORD)
    organisations: dict[str, int] = {}
    people = {}
    for each in PEOPLE:
        person = _person(session, each, organisations.get(each.organisation), password_hash, began_at)
        if person.organisation_id is not None:
            organisations[each.organisation] = person.organisation_id
        people[each.email] = person
    return people


def _person(
    session: Session, each: DemoPerson, organisation_id: int | None, password_hash: str, began_at: datetime
) -> Person:
    if each.role is Role.CUSTOMER and organisation_id is None:
        person = sign_up(
            session,
            email=each.email,
            name=each.name,
            company=each.organisation,
            password_hash=password_hash,
            now=began_at,
            confirmed_at=began_at,
        )
    else:
        person = add_person(
            session,
            email=each.email,
            name=each.name,
            role=each.role,
            organisation_id=organisation_id,
            password_hash=password_hash,
            confirmed_at=began_at,
            now=began_at,
        )
    return change_profile(session, person.id, name=each.name, zone=each.zone, now=began_at)


def _atelier(stage: Stage, ines: Person) -> None:
    shop = Sites("old.atelier-ferreira.example", "www.atelier-ferreira.example")
    order = stage.ordered(
        ines, _package("PACK-BASIC", 812, "joomla", "wordpress", plan=2), shop, token="demo-a1", at=stage.at(6, "09:30")
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
        ines, _package("PACK-EXTENDED", 3_400, "drupal", "wordpress"), blog, token="demo-a2", at=stage.at(1, "12:05")
    )
    given_up = stage.ordered(
        ines, _self_service("SELF-500", 430, "wix", "wordpress"), blog, token="demo-a3", at=stage.at(9, "13:20")
    )
    cancel(stage.session, given_up, actor=ines.actor, now=stage.at(8, "09:00"))


def _books(stage: Stage, tomas: Person, maja: Person) -> None:
    shop = Sites("www.lindqvist-books.example", "shop.lindqvist-books.example")
    order = stage.ordered(
        tomas,
        _package("PACK-BASIC", 940, "magento", "woocommerce", plan=1),
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
    forum = Sites("forum.lindqvist-books.example", "readers.lindqvist-books.example")
    second = stage.ordered(
        maja, _assisted("ASSIST-STANDARD", 2_200, "phpbb", "wordpress"), forum, token="demo-b2", at=stage.at(2, "10:00")
    )
    second = stage.paid(second, at=stage.at(2, "10:12"))
    stage.gave(second, ItemKind.FTP, forum, at=stage.at(1, "11:25"))


def _outfitters(stage: Stage, wanjiru: Person) -> None:
    shop = Sites("www.savanna-outfitters.example", "store.savanna-outfitters.example")
    overdue = stage.ordered(
        wanjiru,
        _package("PACK-BASIC", 650, "prestashop", "shopify", plan=3),
        shop,
        token="demo-c1",
        at=stage.at(12, "07:50"),
    )
    stage.under_way(overdue, shop, days_ago=9)
    guides = Sites("guides.savanna-outfitters.example", "stories.savanna-outfitters.example")
    checking = stage.ordered(
        wanjiru,
        _assisted("ASSIST-BASIC", 380, "static_html", "squarespace"),
        guides,
        token="demo-c2",
        at=stage.at(2, "13:00"),
    )
    checking = stage.paid(checking, at=stage.at(2, "13:09"))
    stage.submitted(checking, guides, at=stage.at(1, "16:20"))
    forum = Sites("forum.savanna-outfitters.example", "community.savanna-outfitters.example")
    refused = stage.ordered(
        wanjiru,
        _package("PACK-EXTENDED", 4_800, "vbulletin", "drupal"),
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


def _museum(stage: Stage, henrik: Person, manager: Person) -> None:
    collection = Sites("samling.nordlys-museum.example", "www.nordlys-museum.example")
    moving = _asked(
        stage, henrik, 41_000, "Our collection, with 9,000 pictures.", token="demo-d1", at=stage.at(12, "10:10")
    )
    _offered(stage, moving, manager, price=219_000, ceiling=45_000, at=stage.at(11, "14:00"))
    order = accept_quote(
        stage.session,
        moving,
        insurance_plan=2,
        declaration=Declaration(collection.source_address, collection.target_address, stage.at(11, "09:00").date()),
        person=henrik,
        now=stage.at(10, "09:40"),
    )
    stage.under_way(stage.again(order), collection, days_ago=8)
    archive = _asked(
        stage, henrik, 140_000, "The archive of the journal since 1904.", token="demo-d2", at=stage.at(4, "09:05")
    )
    _offered(stage, archive, manager, price=640_000, ceiling=150_000, at=stage.at(3, "17:00"))
    _asked(stage, henrik, 60_000, "Our educational pages in three languages.", token="demo-d3", at=stage.at(1, "15:30"))


def _asked(stage: Stage, person: Person, pages: int, words: str, *, token: str, at: datetime) -> Quote:
    sku = "PACK-PREMIUM" if pages <= 100_000 else "PACK-ULTIMATE"
    quote = ask_for_price(
        stage.session,
        selection=_package(sku, pages, "typo3", "drupal"),
        words=words,
        person=person,
        token=token,
        now=at,
    )
    return quote_for_staff(stage.session, quote.number, for_update=True)


def _offered(stage: Stage, quote: Quote, manager: Person, *, price: int, ceiling: int, at: datetime) -> None:
    desk = migration_desk()
    offer = Offer(
        price=Money(price, quote.currency),
        page_ceiling=ceiling,
        agreed_at=stage.working_days_after(at, desk.agreed_minimum_business_days + 8),
        expires_at=usual_expiry(stage.calendar, desk=desk, now=at),
        words="The price holds for all pages up to the ceiling, with their pictures.",
    )
    answer_quote(stage.session, quote, offer=offer, person=manager, now=at)


def _package(sku: str, pages: int, source: str, target: str, *, plan: int | None = None) -> Selection:
    return Selection(Family.PACKAGE, sku, pages, source, target, (), plan)


def _assisted(sku: str, pages: int, source: str, target: str) -> Selection:
    return Selection(Family.ASSISTED, sku, pages, source, target)


def _self_service(sku: str, pages: int, source: str, target: str) -> Selection:
    return Selection(Family.SELF_SERVICE, sku, pages, source, target)
