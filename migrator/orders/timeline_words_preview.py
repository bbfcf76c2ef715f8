"""What is said about checks, plug-ins, previews and the start of the full migration. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from migrator.clock.wording import counted_text, day_text, duration_text
from migrator.orders.timeline_phrases import Deed, Words, item_of, joined, moved_in, said_in

LISTS = {"validation": "Checks before the set-up", "results": "Checks of the result"}
FOUND = {"passed": "passed", "failed": "failed", "not_needed": "not needed"}


def _checked(deed: Deed, _zone: str) -> Words:
    items = deed.facts.get("items", [])
    title = LISTS.get(str(deed.facts.get("list")), "Checks")
    has_failed = any(item.get("outcome") == "failed" for item in items)
    body = " ".join(_finding(item) for item in items)
    return Words(f"{title} recorded.", body, "check", "problem" if has_failed else "")


def _finding(item: Mapping[str, Any]) -> str:
    note = str(item.get("note") or "").rstrip(".")
    words = f"{item.get('label')}: {FOUND.get(str(item.get('outcome')), '')}"
    return f"{words} – {note}." if note else f"{words}."


def _plugin_noted(deed: Deed, _zone: str) -> Words:
    entity = deed.facts.get("entity")
    needed = f"It is the target for your data: {entity}." if entity else "Your data does not need it."
    return Words(f"Plug-in noted: {_named(deed)}.", needed, "file-text")


def _plugin_installed(deed: Deed, _zone: str) -> Words:
    return Words(f"Plug-in installed: {_named(deed)}.", f"By {deed.actor_name}.")


def _plugin_dropped(deed: Deed, _zone: str) -> Words:
    return Words(f"Plug-in taken from the list: {_named(deed)}.", f"By {deed.actor_name}.", "pencil")


def _published(deed: Deed, _zone: str) -> Words:
    waits = "Your date moves by the working time until you answer." if deed.facts.get("message_id") else ""
    return Words(f"Preview{_number(deed)} is ready.", joined("Look at it, then decide.", waits), "eye", "attention")


def _marked(deed: Deed, _zone: str) -> Words:
    right, wrong = int(deed.facts.get("right") or 0), int(deed.facts.get("wrong") or 0)
    said = f"{counted_text(right, 'page')} right, {wrong} with a problem."
    return Words(f"Preview{_number(deed)} looked at by {deed.actor_name}.", said)


def _returned(deed: Deed, zone: str) -> Words:
    problems = counted_text(int(deed.facts.get("problems") or 0), "problem")
    body = joined(f"{problems}, mended next.", said_in(deed), _waited(deed), moved_in(deed, zone))
    return Words(f"Preview{_number(deed)} sent back.", body, "arrow-right")


def _run_started(deed: Deed, zone: str) -> Words:
    number, backup_on = deed.facts.get("number"), deed.facts.get("backup_on")
    which = f"By {deed.actor_name}, from preview {number}." if number else f"By {deed.actor_name}."
    backup = f"Own backup of {day_text(date.fromisoformat(backup_on))}." if backup_on else ""
    return Words("Full migration started.", joined(which, backup, _waited(deed), moved_in(deed, zone)), "play")


def _waited(deed: Deed) -> str:
    seconds = deed.facts.get("seconds")
    return "" if seconds is None else f"We waited {duration_text(int(seconds))} for the answer."


def _number(deed: Deed) -> str:
    number = deed.facts.get("number")
    return f" {number}" if number else ""


def _named(deed: Deed) -> str:
    return item_of(deed) if deed.facts.get("item") else "unnamed"


PREVIEW_WORDINGS = {
    "checks.recorded": _checked,
    "plugin.noted": _plugin_noted,
    "plugin.installed": _plugin_installed,
    "plugin.dropped": _plugin_dropped,
    "preview.published": _published,
    "preview.marked": _marked,
    "preview.returned": _returned,
    "run.started": _run_started,
}
