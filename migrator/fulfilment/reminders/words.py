"""What a daily letter says of each thing that is due (RULES C-065, C-067, C-078, C-080, C-082 to C-084, X-04). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrator.clock.wording import counted_text, end_text, place_text, viewer_text
from migrator.notifications.topics import Topic


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing in a daily letter.

    :ivar at: what letters are sorted by: the end that is spoken of, or since when we wait
    :ivar path: where it can be done, on our own pages; `action` are the words of the link
    :ivar topic: what its reader may have switched off; none where it is always said
    """

    title: str
    sentence: str
    at: datetime
    path: str
    action: str
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How a date is written for somebody: by the desk's clocks, and beside it by their own."""

    zone: str
    viewer_zone: str = ""

    def end(self, at: datetime) -> str:
        """This will return an ending instant, with the place whose clocks it goes by."""
        theirs = viewer_text(at, self.zone, viewer_zone=self.viewer_zone or None)
        return f"{end_text(at, self.zone)} {place_text(self.zone)} {theirs}".strip()


def review_ends(at: datetime, reader: Reader, *, path: str) -> Notice:
    """This will ask for a look at the results while there is time (RULES C-080)."""
    sentence = (
        "Please look at your new site, then tell us that everything is fine or report a problem. "
        f"You have until {reader.end(at)}; after that we treat the result as accepted."
    )
    return Notice("Check your results", sentence, at, path, "Look at your results", Topic.REMINDERS)


def changes_end(at: datetime, reader: Reader, *, unused: str, path: str) -> Notice:
    """This will say until when changes are included, and which hours lapse with them (RULES C-067)."""
    sentence = (
        f"Changes are included until {reader.end(at)}. You have {unused} left; hours that are not used lapse then. "
        "What you ask for in time stays included, also when we finish it later."
    )
    return Notice("Your included changes end soon", sentence, at, path, "Ask for a change", Topic.REMINDERS)


def insurance_ends(at: datetime, reader: Reader, *, restarts: int, path: str) -> Notice:
    """This will say until when a restart is covered (RULES C-078)."""
    sentence = (
        f"You have {counted_text(restarts, 'restart')} left, until {reader.end(at)}. Insurance cannot be renewed: "
        "a restart after that is a new purchase."
    )
    return Notice("Your insurance ends soon", sentence, at, path, "See your restarts", Topic.REMINDERS)


def access_ends(at: datetime, reader: Reader, *, insured_until_at: datetime | None, path: str) -> Notice:
    """This will ask to change the passwords, and say when our copy goes (RULES C-082 to C-084)."""
    sentence = (
        "Restrict or change the logins that you gave us: we need them no more. "
        f"Our copy is destroyed on {reader.end(at)}."
    )
    if insured_until_at and insured_until_at > at:
        insured = reader.end(insured_until_at)
        sentence += f" Your insurance runs until {insured}. If you restart, we will ask for new access."
    return Notice(
        "Change the passwords you gave us", sentence, at, path, "Tick off what you have changed", Topic.REMINDERS
    )


def accepted(at: datetime, reader: Reader, *, is_completed: bool, path: str) -> Notice:
    """This will say that silence has accepted the result (RULES C-080)."""
    sentence = f"Your time to check ran until {reader.end(at)}, and no problem was reported. "
    sentence += "So the result counts as accepted" + (", and your order is completed." if is_completed else ".")
    return Notice("Your result counts as accepted", sentence, at, path, "See your order")


def changes_over(at: datetime, reader: Reader, *, is_work_left: bool, is_completed: bool, path: str) -> Notice:
    """This will say that included changes are over (RULES C-066, C-067)."""
    sentence = f"Included changes ended on {reader.end(at)}."
    sentence += " What you asked for in time is still done." if is_work_left else " Support hours left have lapsed."
    sentence += " Your order is completed." if is_completed else ""
    sentence += " For anything further we send you a price first."
    return Notice("Your included changes are over", sentence, at, path, "See your order")


def insurance_over(at: datetime, reader: Reader, *, restarts: int, path: str) -> Notice:
    """This will say that the cover is over (RULES C-078)."""
    left = f" with {counted_text(restarts, 'restart')} unused" if restarts else ""
    sentence = f"Your insurance ended on {reader.end(at)}{left}. A restart from now on is a new purchase."
    return Notice("Your insurance is over", sentence, at, path, "See your order")


def access_destroyed(at: datetime, reader: Reader, *, path: str) -> Notice:
    """This will say that our copy is gone, and ask for changed passwords (RULES C-082 to C-084)."""
    sentence = (
        f"Our copy of your access details was destroyed on {reader.end(at)}. "
        "Change the passwords that you gave us, if you have not yet."
    )
    return Notice("Our copy of your access details was destroyed", sentence, at, path, "See what was destroyed")


def still_paused(since_at: datetime, reader: Reader, *, label: str, date_moves: bool, path: str) -> Notice:
    """This will ask again for what a pause waits for (RULES C-065)."""
    sentence = f"We have waited for this since {reader.end(since_at)}."
    sentence += " Your date moves by the working time that this takes." if date_moves else ""
    return Notice(f"We still need: {label}", sentence, since_at, path, "Answer now")


def still_without_access(since_at: datetime, reader: Reader, *, is_restart: bool, path: str) -> Notice:
    """This will ask again for the access details (RULES C-064, C-065)."""
    start = "your restart begins" if is_restart else "the count of your order starts"
    sentence = (
        f"We have waited for them since {reader.end(since_at)}. Nothing is late yet: {start} when we have checked them."
    )
    return Notice("Send us your access details", sentence, since_at, path, "Give us access")


def preview_waits(since_at: datetime, reader: Reader, *, path: str) -> Notice:
    """This will ask again for a look at the preview, after which one click starts the full migration (RULES C-035)."""
    sentence = (
        f"It has been ready since {reader.end(since_at)}. Look at it, then start the full migration with one click, "
        "or tell us what is wrong."
    )
    return Notice("Your preview is ready", sentence, since_at, path, "Look at the preview")


def unpaid(placed_at: datetime, ends_at: datetime, reader: Reader, *, total: str, path: str) -> Notice:
    """This will remind once of an order that was not paid, and say what becomes of it."""
    sentence = (
        f"You placed this order on {reader.end(placed_at)} and it is not paid: {total}. If you have changed your mind, "
        f"do nothing: it ends by itself on {reader.end(ends_at)} and costs nothing. We will not remind you again."
    )
    return Notice("Your order waits for your payment", sentence, placed_at, path, "Pay now", Topic.BASKETS)
