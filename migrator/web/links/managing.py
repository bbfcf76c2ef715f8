"""A customer makes, copies and ends the links of an order."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from migrator.database.session import reading, transaction
from migrator.errors import NotFound
from migrator.history.actor import Role
from migrator.journeys.share_order import end_link, make_link
from migrator.orders.lifecycle import LinkPurpose
from migrator.orders.link_queries import standing_links
from migrator.orders.link_rules import token_of
from migrator.orders.queries import order_of
from migrator.web.audience import open_to
from migrator.web.links import pages
from migrator.web.request import actor, now, organisation_id
from migrator.wiring import wiring

ENDPOINTS = {LinkPurpose.SHARE: "links.shared", LinkPurpose.CALENDAR: "links.calendar"}
MADE = {
    LinkPurpose.SHARE: "The link is ready. Whoever has it sees where the order stands.",
    LinkPurpose.CALENDAR: "The calendar address is ready. Give it to your calendar program.",
}
ENDED = {
    LinkPurpose.SHARE: "The link is ended. Its address opens nothing any more.",
    LinkPurpose.CALENDAR: "The calendar address is ended. It opens nothing any more.",
}


@pages.get("/orders/<number>/links")
@open_to(Role.CUSTOMER)
def managed(number: str) -> str:
    """This will show the links of an order with their addresses."""
    with reading() as session:
        order = order_of(session, number, organisation_id())
        addresses = {
            purpose: _address(purpose, link_id) for purpose, link_id in standing_links(session, order.id).items()
        }
        shown_number = order.number
    return render_template(
        "links/managed.html",
        number=shown_number,
        share=addresses.get(LinkPurpose.SHARE),
        calendar=addresses.get(LinkPurpose.CALENDAR),
    )


@pages.post("/orders/<number>/links/<purpose>")
@open_to(Role.CUSTOMER)
def make(number: str, purpose: str) -> Response:
    """This will make the link for a purpose; where one stands it stays."""
    wanted = _purpose(purpose)
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        make_link(session, order, wanted, actor=actor(), now=now())
    flash(MADE[wanted])
    return redirect(url_for("links.managed", number=number, _anchor=wanted), 303)


@pages.post("/orders/<number>/links/<purpose>/end")
@open_to(Role.CUSTOMER)
def end(number: str, purpose: str) -> Response:
    """This will end the link for a purpose for good."""
    wanted = _purpose(purpose)
    with transaction() as session:
        order = order_of(session, number, organisation_id(), for_update=True)
        end_link(session, order, wanted, actor=actor(), now=now())
    flash(ENDED[wanted])
    return redirect(url_for("links.managed", number=number, _anchor=wanted), 303)


def _purpose(text: str) -> LinkPurpose:
    if text not in set(LinkPurpose):
        raise NotFound("There is no such link.")
    return LinkPurpose(text)


def _address(purpose: LinkPurpose, link_id: int) -> str:
    settings = wiring().settings
    token = token_of(link_id, purpose, key=settings.keys.secret_key)
    return f"{settings.base_url}{url_for(ENDPOINTS[purpose], token=token)}"
