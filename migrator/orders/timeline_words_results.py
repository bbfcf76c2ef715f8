"""What is said about runs, reviews, changes and restarts, and about what ended by itself, to the customer. Pure."""

from __future__ import annotations

from collections.abc import Callable

from migrator.clock.wording import counted_text
from migrator.orders.timeline_phrases import Deed, Words, date_in, joined, reason_in, said_in

ICON_DONE = "circle-check"


def _is_restart(deed: Deed) -> bool:
    return deed.facts.get("kind") == "restart"


def _restarts_left(deed: Deed) -> str:
    left = int(deed.facts.get("restarts_left", 0))
    return f"{counted_text(left, 'restart')} left." if left else "No restart is left."


def _finished(deed: Deed, zone: str) -> Words:
    title = "The restart is done." if _is_restart(deed) else "The full migration is done."
    pages = counted_text(int(deed.facts.get("pages", 0)), "page")
    at = date_in(deed, "finished_at", zone)
    return Words(title, f"{pages} moved, {at}. Please look at the result.", ICON_DONE, "attention")


def _failed(deed: Deed, _zone: str) -> Words:
    title = "The restart did not succeed." if _is_restart(deed) else "The full migration did not succeed."
    given_back = f"The fault is ours: the restart is given back, {_restarts_left(deed)}"
    then = (given_back if deed.facts.get("is_given_back") else "") if _is_restart(deed) else "We start it again."
    return Words(title, joined(reason_in(deed), then), "circle-x", "problem")


def _started_again(_deed: Deed, _zone: str) -> Words:
    return Words("The full migration was started again.", "Under your same approval.", "play")


def _validated(deed: Deed, _zone: str) -> Words:
    return Words("Our engineers have checked the result.", f"{deed.actor_name} looked at every item.", ICON_DONE)


def _accepted(deed: Deed, _zone: str) -> Words:
    return Words("The result was accepted.", f"By {deed.actor_name}.", ICON_DONE)


def _accepted_by_silence(_deed: Deed, _zone: str) -> Words:
    return Words("The review has ended.", "We heard nothing, so the result counts as accepted (rule C-080).", ICON_DONE)


def _problem(deed: Deed, _zone: str) -> Words:
    body = f"{said_in(deed)} Silence accepts nothing until we have answered."
    return Words("A problem was reported.", body, "triangle-alert", "problem")


def _noun(deed: Deed) -> str:
    return "problem" if deed.facts.get("kind") == "problem" else "change"


def _change(deed: Deed, _zone: str) -> Words:
    mode = "It is included." if deed.facts.get("is_included") else "We send a price for it."
    return Words("A change was asked for.", f"{said_in(deed)} {mode}", "pencil")


def _taken_up(deed: Deed, _zone: str) -> Words:
    return Words(f"We work on the {_noun(deed)}.", icon="play")


def _priced(deed: Deed, _zone: str) -> Words:
    return Words("We have sent a price for the change.", "We start when it is paid.", "credit-card", "attention")


def _paid_change(_deed: Deed, _zone: str) -> Words:
    return Words("The change was paid.", "We work on it.", "credit-card")


def _price_refused(_deed: Deed, _zone: str) -> Words:
    return Words("The change is not done.", "Its price was not taken.", "circle-x")


def _price_withdrawn(_deed: Deed, _zone: str) -> Words:
    return Words("We have taken the price of the change back.", "We send another one.", "pencil")


def _done(deed: Deed, _zone: str) -> Words:
    return Words(f"The {_noun(deed)} is done.", deed.reason, ICON_DONE)


def _declined(deed: Deed, _zone: str) -> Words:
    return Words(f"The {_noun(deed)} was declined.", deed.reason, "circle-x")


def _withdrawn(deed: Deed, _zone: str) -> Words:
    return Words(f"The {_noun(deed)} was taken back.", f"By {deed.actor_name}.", "circle-x")


def _restart_requested(deed: Deed, _zone: str) -> Words:
    return Words("A restart was asked for.", f"By {deed.actor_name}.", "arrow-right")


def _restart_started(deed: Deed, _zone: str) -> Words:
    return Words("The restart has begun.", _restarts_left(deed), "play")


def _restart_held(deed: Deed, _zone: str) -> Words:
    return Words("The restart waits.", deed.reason, "pause", "attention")


def _restart_withdrawn(deed: Deed, _zone: str) -> Words:
    return Words("The restart was taken back.", f"Nothing was used: {_restarts_left(deed)}", "circle-x")


def _changes_ended(_deed: Deed, _zone: str) -> Words:
    return Words(
        "The included changes have ended.", "Every later change has a price of its own (rule C-066).", "calendar"
    )


def _insurance_ended(deed: Deed, _zone: str) -> Words:
    left = int(deed.facts.get("restarts_left", 0))
    unused = f"{counted_text(left, 'restart')} not used." if left else ""
    return Words("The insurance has ended.", joined(unused, "(Rule C-074)"), "calendar")


def _access_ended(_deed: Deed, _zone: str) -> Words:
    body = "Change the passwords that you gave us, if you have not yet (rule C-084)."
    return Words("The time of our access to your sites has ended.", body, "key-round", "attention")


def _lapsed(deed: Deed, _zone: str) -> Words:
    minutes = int(deed.facts.get("minutes", 0))
    hours = f"{minutes // 60}.{minutes % 60 // 6} support hours"
    return Words(f"{hours} lapsed.", "They belonged to the included changes (rule C-067).", "clock")


def _completed(deed: Deed, _zone: str) -> Words:
    rule = deed.facts.get("rule")
    return Words("Your order is completed.", f"Nothing is left for us to do (rule {rule}).", ICON_DONE)


def _prolonged(deed: Deed, zone: str) -> Words:
    ends = f"It lasts until {date_in(deed, 'new_end', zone)} now (was {date_in(deed, 'old_end', zone)})."
    return Words("The insurance was prolonged.", joined(ends, reason_in(deed)), "calendar")


def _kept_longer(deed: Deed, zone: str) -> Words:
    until = f"Until {date_in(deed, 'new_end', zone)}, as {deed.actor_name} asked."
    return Words("We keep your access details longer.", until, "key-round")


def _corrected(title: str) -> Callable[[Deed, str], Words]:
    def say(deed: Deed, zone: str) -> Words:
        moved = f"It was {date_in(deed, 'new_at', zone)} (not {date_in(deed, 'old_at', zone)})."
        return Words(title, joined(moved, reason_in(deed)), "pencil")

    return say


RESULT_WORDINGS: dict[str, Callable[[Deed, str], Words]] = {
    "run.finished": _finished,
    "run.failed": _failed,
    "run.started_again": _started_again,
    "run.restart_requested": _restart_requested,
    "run.restart_started": _restart_started,
    "run.restart_held": _restart_held,
    "run.restart_withdrawn": _restart_withdrawn,
    "run.completion_corrected": _corrected("The end of the migration was corrected."),
    "results.validated": _validated,
    "results.validation_corrected": _corrected("The time of our check was corrected."),
    "review.accepted": _accepted,
    "review.accepted_by_silence": _accepted_by_silence,
    "problem.reported": _problem,
    "change.requested": _change,
    "change.taken_up": _taken_up,
    "change.priced": _priced,
    "change.paid": _paid_change,
    "change.price_refused": _price_refused,
    "change.price_withdrawn": _price_withdrawn,
    "change.done": _done,
    "change.declined": _declined,
    "change.withdrawn": _withdrawn,
    "changes.ended": _changes_ended,
    "insurance.ended": _insurance_ended,
    "insurance.prolonged": _prolonged,
    "access.window_ended": _access_ended,
    "access.kept_longer": _kept_longer,
    "hours.lapsed": _lapsed,
    "order.completed": _completed,
}
RESULTS_NEED_YOU = ("run.finished", "run.failed", "change.priced")
RESULT_DATE_CHANGES = ("insurance.prolonged", "run.completion_corrected", "results.validation_corrected")
