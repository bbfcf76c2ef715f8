"""Questions about checked items and plug-ins."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from migrator.errors import NotFound
from migrator.fulfilment.checks.models import Check, CheckList, Plugin
from migrator.fulfilment.checks.rules import PluginStanding, Standing, plugin_standing, standing


def checks_of(session: Session, order_id: int, which: CheckList) -> dict[str, Check]:
    """This will return what the items of a list were found to be last, by key, each with who looked."""
    wanted = select(Check).where(Check.order_id == order_id, Check.list == which).options(joinedload(Check.person))
    return {check.key: check for check in session.scalars(wanted)}


def standing_of(session: Session, order_id: int, which: CheckList) -> Standing:
    """This will tell how far a list has come."""
    found = session.execute(select(Check.key, Check.outcome).where(Check.order_id == order_id, Check.list == which))
    return standing(which, {row.key: row.outcome for row in found})


def plugins_of(session: Session, order_id: int) -> tuple[Plugin, ...]:
    """This will return the plug-ins of an order in the order in which they were noted."""
    return tuple(session.scalars(select(Plugin).where(Plugin.order_id == order_id).order_by(Plugin.id)))


def plugin_of(session: Session, order_id: int, plugin_id: int) -> Plugin:
    """This will return one plug-in of an order.

    :raises NotFound: when the order has no such plug-in
    """
    plugin = session.scalar(select(Plugin).where(Plugin.order_id == order_id, Plugin.id == plugin_id))
    if plugin is None:
        raise NotFound("There is no such plug-in.")
    return plugin


def plugin_standing_of(session: Session, order_id: int) -> PluginStanding:
    """This will tell which plug-ins are still to be installed."""
    found = plugins_of(session, order_id)
    return plugin_standing((one.name, one.is_necessary, one.installed_at is not None) for one in found)
