"""What the customers ask: tickets of both desks, one clarified twice, one found not to be the hosting's fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from migrator.accounts.models import Person
from migrator.demo.stage import ONE_MINUTE, Stage
from migrator.hosting.queries import instances_of
from migrator.journeys.answer_ticket import answer_ticket, ask_for_item, find_cause, finish_ticket
from migrator.journeys.open_request import log_contact, open_request
from migrator.journeys.write_on_ticket import write_on_ticket
from migrator.orders.models import Order
from migrator.orders.queries import orders_of
from migrator.support.categories import Category, Channel, Desk
from migrator.support.models import Ticket
from migrator.support.opening import Request, Sender
from migrator.support.operations import assign, keep_note, mark_unclear
from migrator.support.queries import ticket_for_staff
from migrator.support.request_rules import Missing, Verdict

QUESTION = (
    "Thank you. To find it we need to know exactly what you see: which page, what you expected there, and the words "
    "of the message if there is one."
)
SLOW = (
    "Since Sunday the category pages take eight seconds or more. The start page is fast. We have changed nothing that "
    "we know of."
)
FINDING = (
    "The layered navigation module asks the database once for each product. Update it to its current version, or "
    "switch it off until your developer has looked at it."
)


def tickets(stage: Stage, people: Mapping[str, Person]) -> None:
    """This will have customers ask, and the account managers answer some of them."""
    oksana, daniel = people["oksana@northbridge.example"], people["daniel@northbridge.example"]
    _vague(stage, people["nisha@riverbank-shelter.example"], oksana)
    _about_an_order(stage, people["wanjiru@savanna-outfitters.example"], daniel)
    _in_other_words(stage, people["lucia@casa-ocampo.example"])
    _hosting(stage, people["henrik@nordlys-museum.example"], daniel)
    _receipt(stage, people["tomas@lindqvist-books.example"])
    _chat(stage, oksana)


def _vague(stage: Stage, nisha: Person, oksana: Person) -> None:
    ticket = _asked(
        stage,
        nisha,
        Category.TROUBLESHOOTING,
        "The site is wrong",
        "Something is wrong with the new site, please repair it soon.",
        at=stage.at(3, "10:05"),
    )
    assign(stage.session, ticket, oksana, actor=oksana.actor, now=stage.at(3, "11:20"))
    mark_unclear(stage.session, ticket, actor=oksana.actor, now=stage.at(3, "11:21"))
    _clarified(stage, ticket, oksana, QUESTION, at=stage.at(3, "11:24"))
    _wrote(stage, ticket, nisha, "It just does not look as it should.", at=stage.at(2, "09:40"))
    note = "Perhaps the missing pictures of the order that is paused? Ask for a page first."
    keep_note(stage.session, ticket, body=note, author=oksana, now=stage.at(2, "12:02"))
    _clarified(stage, ticket, oksana, "Please copy the address of one page that looks wrong.", at=stage.at(2, "12:10"))


def _about_an_order(stage: Stage, wanjiru: Person, daniel: Person) -> None:
    ticket = _asked(
        stage,
        wanjiru,
        Category.INTERRUPTION,
        "Is the shop still being moved?",
        "The date on the order has passed. Please tell us what is holding it up and when you will be able to say more.",
        at=stage.at(2, "15:30"),
        order=_newest_order(stage, wanjiru),
    )
    answer = "I am sorry. Your host limits how much we may read at once; we go on by night. I write again tomorrow."
    answer_ticket(stage.session, ticket, body=answer, author=daniel, now=stage.at(1, "10:15"))
    _wrote(stage, ticket, wanjiru, "Thank you. Shall we ask the host to lift the limit?", at=stage.at(1, "14:20"))


def _in_other_words(stage: Stage, lucia: Person) -> None:
    _asked(
        stage,
        lucia,
        Category.SERVICE_QUESTION,
        "Direcciones antiguas",
        "Hola, ¿las direcciones antiguas de las páginas seguirán funcionando después de la migración?",
        at=stage.at(1, "17:45"),
        language="es",
    )


def _hosting(stage: Stage, henrik: Person, daniel: Person) -> None:
    opened_at = stage.at(4, "22:14")
    ticket = _hosting_ticket(stage, henrik, Category.TECHNICAL, "Category pages are slow", SLOW, at=opened_at)
    first = "We look at it now and write as soon as we know more."
    answer_ticket(stage.session, ticket, body=first, author=daniel, now=opened_at + 6 * ONE_MINUTE)
    later = opened_at + timedelta(hours=14)
    find_cause(stage.session, ticket, Verdict.NOT_HOSTING, words=FINDING, author=daniel, now=later)
    answer = "The server is well; the time is spent in a module. What we recommend stands on the request."
    answer_ticket(stage.session, ticket, body=answer, author=daniel, now=later + ONE_MINUTE)
    finish_ticket(stage.session, ticket, author=daniel, now=later + 5 * ONE_MINUTE)
    _hosting_ticket(
        stage,
        henrik,
        Category.BILLING,
        "Two invoices for October",
        "We have received two invoices for October with different amounts. Which one is right?",
        at=stage.at(1, "09:10"),
    )


def _receipt(stage: Stage, tomas: Person) -> None:
    _asked(
        stage,
        tomas,
        Category.BILLING,
        "Company number on the receipt",
        "Our accountant needs our company number on the receipt of the last order. Can you add it?",
        at=stage.now - timedelta(hours=5),
    )


def _chat(stage: Stage, oksana: Person) -> None:
    log_contact(
        stage.session,
        Request(
            Desk.MIGRATION,
            Category.SERVICE_QUESTION,
            Channel.CHAT,
            "Moving a shop with two languages",
            "Asks whether both languages of a shop are moved, and whether that counts as twice the pages.",
        ),
        sender=Sender(name="Jonas Weber", address="jonas.weber@holzhandwerk.example"),
        actor=oksana.actor,
        now=stage.at(1, "16:05"),
    )


def _asked(
    stage: Stage,
    person: Person,
    category: Category,
    subject: str,
    body: str,
    *,
    at: datetime,
    order: Order | None = None,
    language: str = "en",
) -> Ticket:
    request = Request(Desk.MIGRATION, category, Channel.WEB, subject, body, language=language)
    ticket = open_request(
        stage.session,
        request,
        person=person,
        order=order or _order_for(stage, person, category),
        token=f"demo-ticket-{subject}"[:64],
        now=at,
    )
    return _again(stage, ticket)


def _hosting_ticket(
    stage: Stage, person: Person, category: Category, subject: str, body: str, *, at: datetime
) -> Ticket:
    request = Request(Desk.HOSTING, category, Channel.PORTAL, subject, body)
    token = f"demo-ticket-{subject}"[:64]
    assert person.organisation_id is not None, "only customers have hosting"
    shop = instances_of(stage.session, person.organisation_id)[0]
    ticket = open_request(stage.session, request, person=person, token=token, instance=shop, now=at)
    return _again(stage, ticket)


def _clarified(stage: Stage, ticket: Ticket, author: Person, body: str, *, at: datetime) -> None:
    ask_for_item(stage.session, ticket, item=Missing.DESCRIPTION, body=body, author=author, now=at)


def _wrote(stage: Stage, ticket: Ticket, person: Person, body: str, *, at: datetime) -> None:
    write_on_ticket(stage.session, ticket, body=body, sender=Sender(person), channel=Channel.WEB, now=at)


def _order_for(stage: Stage, person: Person, category: Category) -> Order | None:
    return _newest_order(stage, person) if category is Category.TROUBLESHOOTING else None


def _newest_order(stage: Stage, person: Person) -> Order:
    assert person.organisation_id is not None, "only customers have orders"
    return orders_of(stage.session, person.organisation_id, limit=1)[0]


def _again(stage: Stage, ticket: Ticket) -> Ticket:
    return ticket_for_staff(stage.session, ticket.number, for_update=True)
