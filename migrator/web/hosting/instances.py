"""A customer's instances: the list, and one of them with all that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, url_for

from migrator.database.session import reading
from migrator.history.actor import Role
from migrator.hosting.maintenance_queries import maintenance_of, names_touched
from migrator.hosting.queries import free_migration_of, instance_of, instances_of, restores_of
from migrator.web.audience import open_to
from migrator.web.desk_time import reader_zone
from migrator.web.hosting import pages
from migrator.web.hosting.calendar_file import window_file
from migrator.web.hosting.views import InstanceView, RestoreView, instance_view, restore_views, window_views
from migrator.web.request import now, organisation_id
from migrator.web.ticket_rows import RequestsAbout, about_instance


@dataclass(frozen=True, slots=True)
class InstancePage:
    """All that the page of one instance shows. `moved_by` is the order of its free migration; empty while unused."""

    instance: InstanceView
    restores: list[RestoreView]
    requests: RequestsAbout
    moved_by: str


@pages.get("/hosting")
@open_to(Role.CUSTOMER)
def overview() -> str:
    """This will list the customer's instances, with the maintenance that is announced for them."""
    with reading() as session:
        found = instances_of(session, organisation_id())
        windows = window_views(session, organisation_id(), zone=reader_zone(), now=now()) if found else []
    return render_template("hosting/overview.html", instances=[instance_view(each) for each in found], windows=windows)


@pages.get("/hosting/<int:instance_id>")
@open_to(Role.CUSTOMER)
def instance(instance_id: int) -> str:
    """This will show one instance, what its plan promises, and what was asked for."""
    with reading() as session:
        found = instance_of(session, instance_id, organisation_id())
        use = free_migration_of(session, found.id)
        page = InstancePage(
            instance=instance_view(found),
            restores=restore_views(restores_of(session, found.id), found),
            requests=about_instance(session, found.id),
            moved_by=use.order.number if use else "",
        )
        windows = window_views(session, organisation_id(), zone=reader_zone(), now=now())
    return render_template("hosting/instance.html", page=page, windows=windows)


@pages.get("/hosting/maintenance/<int:maintenance_id>.ics")
@open_to(Role.CUSTOMER)
def window_calendar(maintenance_id: int) -> Response:
    """This will give a window as a calendar entry; one that was withdrawn takes the entry out again (RULES M-046)."""
    with reading() as session:
        found = maintenance_of(session, maintenance_id, organisation_id())
        names = names_touched(session, [found.id], organisation_id())[found.id]
        written = window_file(found, names, url=url_for("hosting.overview", _external=True))
    headers = {"Content-Disposition": f'attachment; filename="maintenance-{maintenance_id}.ics"'}
    return Response(written, mimetype="text/calendar", headers=headers)
