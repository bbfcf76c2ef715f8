"""Who is in the demonstration: the company's own people, and its customers. All share one password."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.history.actor import Role

PASSWORD = "boxes labelled twice"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as; `task` says what is worth looking at."""

    email: str
    name: str
    role: Role
    task: str
    zone: str = ""
    organisation: str = ""


PEOPLE = (
    DemoPerson(
        "ines@atelier-ferreira.example",
        "Inês Ferreira",
        Role.CUSTOMER,
        "customer: one order is paused for a password, one is ready to pay",
        "Europe/Lisbon",
        "Atelier Ferreira",
    ),
    DemoPerson(
        "tomas@lindqvist-books.example",
        "Tomas Lindqvist",
        Role.CUSTOMER,
        "customer: support hours that run out, access details to send, an order that silence completed",
        "Europe/Stockholm",
        "Lindqvist Books",
    ),
    DemoPerson(
        "maja@lindqvist-books.example",
        "Maja Lindqvist",
        Role.CUSTOMER,
        "customer: a colleague of Tomas, sees the same orders",
        "Europe/Stockholm",
        "Lindqvist Books",
    ),
    DemoPerson(
        "wanjiru@savanna-outfitters.example",
        "Wanjiru Kamau",
        Role.CUSTOMER,
        "customer: one overdue order, one being checked",
        "Africa/Nairobi",
        "Savanna Outfitters",
    ),
    DemoPerson(
        "henrik@nordlys-museum.example",
        "Henrik Aasen",
        Role.CUSTOMER,
        "customer: a non-profit; an order with an agreed date, a quote with an offer, another one asked for",
        "Europe/Oslo",
        "Nordlys Museum",
    ),
    DemoPerson(
        "aoife@quill-and-compass.example",
        "Aoife Brennan",
        Role.CUSTOMER,
        "customer: a preview to look at, and a migration that is done: review, changes, restarts and hours",
        "Europe/Dublin",
        "Quill & Compass",
    ),
    DemoPerson(
        "lucia@casa-ocampo.example",
        "Lucía Ocampo",
        Role.CUSTOMER,
        "customer: more pages than the package covers, a full migration that is running, a completed order",
        "America/Mexico_City",
        "Casa Ocampo",
    ),
    DemoPerson(
        "nisha@riverbank-shelter.example",
        "Nisha Patel",
        Role.CUSTOMER,
        "customer: a charity that has applied for its discount, an order that has waited for an answer for over 5 days",
        "Europe/London",
        "Riverbank Shelter",
    ),
    DemoPerson(
        "jun@harbour-tea.example",
        "Jun Watanabe",
        Role.CUSTOMER,
        "customer: money that went back, a cancelled order, a payment that the bank looks at",
        "Asia/Tokyo",
        "Harbour Tea",
    ),
    DemoPerson("oksana@northbridge.example", "Oksana Levchenko", Role.ACCOUNT_MANAGER, "account manager"),
    DemoPerson("daniel@northbridge.example", "Daniel Okafor", Role.ACCOUNT_MANAGER, "account manager"),
    DemoPerson("priya@northbridge.example", "Priya Raman", Role.FINANCE, "finance"),
    DemoPerson("leila@northbridge.example", "Leila Haddad", Role.FINANCE, "finance: the second person above the limit"),
    DemoPerson("marek@northbridge.example", "Marek Dvořák", Role.ADMINISTRATOR, "administrator"),
)
