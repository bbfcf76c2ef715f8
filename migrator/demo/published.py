"""What everybody reads: two pieces of news, six ideas with votes and answers, and a chat that is switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.accounts.models import Person
from migrator.announcements.operations import switch_chat, write_news
from migrator.demo.stage import Stage
from migrator.ideas.models import IdeaState
from migrator.ideas.operations import vote
from migrator.journeys.suggest_idea import answer_idea, suggest_idea


@dataclass(frozen=True, slots=True)
class Wish:
    """An idea: who has it, how many working days ago, how many others want it, and what we make of it."""

    author: str
    days_ago: int
    title: str
    body: str
    voters: int
    state: IdeaState = IdeaState.NEW
    answer: str = ""


INES = "ines@atelier-ferreira.example"
TOMAS = "tomas@lindqvist-books.example"
WANJIRU = "wanjiru@savanna-outfitters.example"
HENRIK = "henrik@nordlys-museum.example"
AOIFE = "aoife@quill-and-compass.example"
LUCIA = "lucia@casa-ocampo.example"
WISHES = (
    Wish(
        HENRIK,
        32,
        "Keep the captions of pictures",
        "Our archive has 4,000 of them, and they are half of the story.",
        6,
        IdeaState.DONE,
        "Captions move with pictures since October, from WordPress, Joomla and Drupal.",
    ),
    Wish(
        TOMAS,
        21,
        "A rehearsal on a copy of our shop",
        "We would like to see orders and stock before customers do.",
        5,
        IdeaState.PLANNED,
        "We are building it for packages first.",
    ),
    Wish(
        WANJIRU, 14, "Tell us by text message when a date moves", "Our people are in the field more than at a desk.", 4
    ),
    Wish(
        INES,
        12,
        "Move e-mail boxes as well",
        "One company for everything would spare us a second one.",
        3,
        IdeaState.DECLINED,
        "Mail belongs to hosting companies, who do it better. We name two on request.",
    ),
    Wish(
        AOIFE,
        6,
        "A list of links that are broken already",
        "Before the move, so that we do not look for them after it.",
        2,
    ),
    Wish(LUCIA, 2, "Count pages in languages apart", "We have three languages, and two of them could follow later.", 1),
)


def published(stage: Stage, people: Mapping[str, Person]) -> None:
    """This will write the news, put the ideas on the list, and switch the chat on."""
    oksana, marek = people["oksana@northbridge.example"], people["marek@northbridge.example"]
    _news(stage, marek)
    for wish in WISHES:
        _wished(stage, wish, people, oksana)
    switch_chat(stage.session, is_open=True, reason="Two of us are here", actor=oksana.actor, now=stage.at(1, "11:02"))


def _news(stage: Stage, marek: Person) -> None:
    for days_ago, title, body in (
        (
            18,
            "Captions of pictures move too",
            "From today captions move with their pictures, from WordPress, Joomla and Drupal.\n\n"
            "You asked for it in an idea, and it costs nothing more.",
        ),
        (
            3,
            "Choose which letters you get",
            "On your account page you can switch off reminders and letters about steps where nothing is needed from "
            "you. What changes your dates, your money or your rights is always sent.",
        ),
    ):
        at = stage.at(days_ago, "12:00")
        write_news(stage.session, title=title, body=body, shown_from_at=at, actor=marek.actor, now=at)


def _wished(stage: Stage, wish: Wish, people: Mapping[str, Person], oksana: Person) -> None:
    author, at = people[wish.author], stage.at(wish.days_ago, "14:20")
    idea = suggest_idea(stage.session, title=wish.title, body=wish.body, author=author, now=at)
    others = [person for person in people.values() if person.organisation_id and person.id != author.id]
    for voter in others[: wish.voters]:
        vote(stage.session, idea, person_id=voter.id, now=at)
    if wish.state is not IdeaState.NEW:
        said_at = stage.at(wish.days_ago - 4, "15:00")
        answer_idea(stage.session, idea, state=wish.state, answer=wish.answer, actor=oksana.actor, now=said_at)
