"""What engineers do to an order on the demonstration's stage, each step through its journey."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from migrator.accounts.models import Person
from migrator.demo.stage import ONE_MINUTE, Sites, Stage
from migrator.fulfilment.checks.models import CheckList, Outcome
from migrator.fulfilment.checks.operations import mark_installed, note_plugin, record_checks
from migrator.fulfilment.checks.rules import ITEMS, Finding
from migrator.fulfilment.hours.models import TimeKind
from migrator.fulfilment.operations import hold
from migrator.fulfilment.previews.rules import CountDraft, Draft, PairDraft
from migrator.fulfilment.windows.queries import windows_of
from migrator.journeys.count_pages import count_pages
from migrator.journeys.end_what_is_over import end_window
from migrator.journeys.finish_run import finish_run
from migrator.journeys.log_time import Work, draft_time, post_time
from migrator.journeys.publish_preview import publish_preview
from migrator.journeys.start_full_run import start_full_run
from migrator.journeys.validate_results import validate_results
from migrator.orders.models import Order

TENTH_MINUTES = 6
Plugin = tuple[str, str]
Page = tuple[str, str]


def set_up(stage: Stage, order: Order, *, pages: int, plugins: tuple[Plugin, ...] = (), at: datetime) -> None:
    """This will check everything before the set-up, count the pages and install the plug-ins, until `at`."""
    by = stage.manager(order)
    checked(stage, order, CheckList.VALIDATION, at=at - 90 * ONE_MINUTE)
    count_pages(stage.session, order, pages=pages, by=by, now=at - 80 * ONE_MINUTE)
    for name, entity in plugins:
        plugin = note_plugin(stage.session, order, name=name, entity=entity, person=by, now=at - 70 * ONE_MINUTE)
        mark_installed(stage.session, order, plugin, person=by, now=at)


def checked(stage: Stage, order: Order, which: CheckList, *, at: datetime) -> None:
    """This will find every item of a list right."""
    hold(stage.session, order)
    findings = {item.key: Finding(Outcome.PASSED) for item in ITEMS[which]}
    record_checks(stage.session, order, which, findings=findings, person=stage.manager(order), now=at)


def previewed(
    stage: Stage,
    order: Order,
    sites: Sites,
    *,
    pages: tuple[Page, ...],
    counts: tuple[CountDraft, ...],
    words: str,
    at: datetime,
) -> None:
    """This will publish a preview.

    :param pages: title and path of each page, the same on both sites
    """
    pairs = tuple(
        PairDraft(title, f"{sites.source_address}{path}", f"{sites.target_address}{path}") for title, path in pages
    )
    publish_preview(stage.session, order, Draft(pairs, counts, words), author=stage.manager(order), now=at)


def started(stage: Stage, order: Order, *, by: Person, at: datetime) -> None:
    """This will start the full migration from the first preview, with a backup of the day before."""
    start_full_run(stage.session, order, number=1, backup_on=day_before(stage, at), person=by, now=at)


def finished(stage: Stage, order: Order, *, pages: int, at: datetime) -> None:
    """This will end the run that is going on, recorded ten minutes later."""
    actor = stage.manager(order).actor
    finish_run(stage.session, order, moved_pages=pages, finished_at=at, actor=actor, now=at + 10 * ONE_MINUTE)


def validated(stage: Stage, order: Order, *, at: datetime) -> None:
    """This will have the result checked and found right."""
    checked(stage, order, CheckList.RESULTS, at=at - 5 * ONE_MINUTE)
    validate_results(stage.session, order, actor=stage.manager(order).actor, now=at)


def logged(
    stage: Stage,
    order: Order,
    tenths: int,
    note: str,
    *,
    at: datetime,
    kind: TimeKind = TimeKind.SUPPORT,
    change_request_id: int | None = None,
) -> None:
    """This will log time of the account manager, in tenths of an hour."""
    work = Work(kind, tenths * TENTH_MINUTES, stage.day(at), note, change_request_id)
    post_time(stage.session, order, work, person=stage.manager(order), now=at)


def drafted(stage: Stage, order: Order, tenths: int, note: str, *, at: datetime) -> None:
    """This will keep time of the account manager as a draft."""
    work = Work(TimeKind.SUPPORT, tenths * TENTH_MINUTES, stage.day(at), note)
    draft_time(stage.session, order, work, person=stage.manager(order), now=at)


def let_end(stage: Stage, order: Order) -> None:
    """This will end the order's windows that are over, each when its time came, as the worker does."""
    for window in sorted(windows_of(stage.session, order.id), key=lambda one: one.ends_at):
        if window.ends_at + ONE_MINUTE < stage.now:
            end_window(stage.session, window.id, window.ends_at + ONE_MINUTE)


def day_before(stage: Stage, at: datetime) -> date:
    """This will return the day before an instant, by the desk's calendar."""
    return stage.day(at) - timedelta(days=1)
