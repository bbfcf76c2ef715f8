"""Pages that a link opens for whoever has it, until it is revoked."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from migrator.calendars.queries import calendar_of
from migrator.database.session import reading
from migrator.fulfilment.queries import open_pauses, pauses_of, promise_view
from migrator.fulfilment.windows.queries import windows_of
from migrator.history.queries import last_changed_at
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_queries import order_behind
from migrator.orders.link_rules import link_id_in
from migrator.web.audience import open_to
from migrator.web.links import pages
from migrator.web.links.standing import shown, standing_page, unlisted
from migrator.web.orders.dates import feed
from migrator.web.request import now
from migrator.wiring import wiring


@pages.get("/shared/<token>")
@open_to()
def shared(token: str) -> AnyResponse:
    """This will show where an order stands to whoever has its link.

    :raises NotFound: for a link that was never made or is revoked
    """
    with reading() as session:
        order = order_behind(session, _link_id(token, LinkPurpose.SHARE), LinkPurpose.SHARE)
        page = standing_page(session, order, now=now())
    return shown(page)


@pages.get("/calendar/<token>.ics")
@open_to()
def calendar(token: str) -> AnyResponse:
    """This will answer an order's dates to a calendar program that asks for them again and again.

    :raises NotFound: for an address that was never made or is revoked
    """
    with reading() as session:
        order = order_behind(session, _link_id(token, LinkPurpose.CALENDAR), LinkPurpose.CALENDAR)
        days = calendar_of(session, order.calendar_row)
        pauses = pauses_of(session, order.id)
        promise = promise_view(order, days, pauses, now=now())
        text = feed(
            order,
            promise,
            windows_of(session, order.id),
            is_waiting=bool(open_pauses(pauses)),
            changed_at=last_changed_at(session, order.id) or order.placed_at,
            base_url=wiring().settings.base_url,
        )
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return unlisted(answer.make_conditional(request))


def _link_id(token: str, purpose: LinkPurpose) -> int | None:
    return link_id_in(token, purpose, key=wiring().settings.keys.secret_key)
