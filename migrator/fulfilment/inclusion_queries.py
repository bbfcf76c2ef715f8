"""The facts that a package's inclusions follow from, in one query."""

from __future__ import annotations

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from migrator.fulfilment.checks.models import Check, CheckList, Outcome
from migrator.fulfilment.checks.rules import ITEMS, Standing
from migrator.fulfilment.hours.models import EntryState, TimeEntry, TimeKind
from migrator.fulfilment.inclusions import Inclusion, InclusionFacts, inclusions_of
from migrator.fulfilment.previews.models import Preview
from migrator.fulfilment.runs.models import Run, RunState
from migrator.orders.models import LineKind, Order, OrderLine
from migrator.policy.types import Family


def inclusions_for(session: Session, order: Order) -> tuple[Inclusion, ...]:
    """This will tell how far each inclusion of a package has come, in one query; none for other families.

    :param order: with its `account_manager` loaded
    """
    if order.family is not Family.PACKAGE:
        return ()
    return inclusions_of(order.terms.inclusions, _facts(session, order))


def _facts(session: Session, order: Order) -> InclusionFacts:
    checks = and_(Check.order_id == order.id, Check.list == CheckList.VALIDATION)
    customised = and_(
        TimeEntry.order_id == order.id,
        TimeEntry.kind == TimeKind.CUSTOMISATION,
        TimeEntry.state == EntryState.POSTED,
    )
    options = and_(OrderLine.order_id == order.id, OrderLine.kind == LineKind.OPTION)
    runs = and_(Run.order_id == order.id, Run.state != RunState.FAILED)
    done, failed, preview, runs_begun, minutes, names = session.execute(
        select(
            select(func.count()).where(checks).scalar_subquery(),
            select(func.count()).where(checks, Check.outcome == Outcome.FAILED).scalar_subquery(),
            select(func.max(Preview.number)).where(Preview.order_id == order.id).scalar_subquery(),
            select(func.count()).where(runs).scalar_subquery(),
            select(func.coalesce(func.sum(TimeEntry.minutes), 0)).where(customised).scalar_subquery(),
            select(func.aggregate_strings(OrderLine.name, "\n")).where(options).scalar_subquery(),
        )
    ).one()
    return InclusionFacts(
        state=order.state,
        manager=order.account_manager.display_name if order.account_manager else "",
        validation=Standing(done, failed, len(ITEMS[CheckList.VALIDATION])),
        preview_number=preview,
        is_approved=bool(runs_begun),
        customisation_minutes=int(minutes),
        minutes_left=order.support_minutes_limit - order.support_minutes_used,
        options=tuple(sorted((names or "").splitlines())),
        validated_at=order.validated_at,
    )
