"""The plug-ins of the new site: which the data needs, and which are installed (RULES C-038, C-039, C-042)."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.fulfilment.checks.operations import drop_plugin, mark_installed, note_plugin
from migrator.fulfilment.checks.queries import plugin_of, plugins_of
from migrator.fulfilment.checks.rules import NAME_LENGTH, installs_plugins
from migrator.fulfilment.operations import hold
from migrator.orders.queries import order_for_staff
from migrator.web.audience import open_to
from migrator.web.desk import pages
from migrator.web.desk.answers import Answer, answered
from migrator.web.desk.workbench import DESK
from migrator.web.fields import trimmed, visible
from migrator.web.request import now, person

LENGTH = Length(max=NAME_LENGTH, message=f"Use {NAME_LENGTH} characters or less")


class PluginForm(FlaskForm):  # type: ignore[misc]
    """A plug-in and the data that it is the target for."""

    name = StringField(
        "Name of the plug-in", filters=[trimmed], validators=[DataRequired("Enter the plug-in’s name"), LENGTH, visible]
    )
    entity = StringField("Target for data: which", filters=[trimmed], validators=[Optional(), LENGTH, visible])


@pages.get("/desk/orders/<number>/plugins")
@open_to(*DESK)
def plugins(number: str) -> str:
    """This will show the plug-ins of an order."""
    return _shown(number, PluginForm(formdata=None))


@pages.post("/desk/orders/<number>/plugins")
@open_to(*DESK)
def keep_plugin(number: str) -> Answer:
    """This will note a plug-in."""
    form = PluginForm()

    def keep(session: Session) -> str:
        order = order_for_staff(session, number, for_update=True)
        hold(session, order)
        name, entity = form.name.data or "", form.entity.data or ""
        plugin = note_plugin(session, order, name=name, entity=entity, person=person(), now=now())
        return f"Noted: {plugin.name}."

    return answered(
        form,
        keep,
        number=number,
        shown=lambda refusal: _shown(number, form, refusal=refusal),
        back_to="desk.plugins",
    )


@pages.post("/desk/orders/<number>/plugins/<int:plugin_id>/installed")
@open_to(*DESK)
def plugin_installed(number: str, plugin_id: int) -> Response:
    """This will record that a plug-in is installed."""
    with transaction() as session:
        order = order_for_staff(session, number, for_update=True)
        plugin = plugin_of(session, order.id, plugin_id)
        mark_installed(session, order, plugin, person=person(), now=now())
        name = plugin.name
    flash(f"Installed: {name}.")
    return redirect(url_for("desk.plugins", number=number), 303)


@pages.post("/desk/orders/<number>/plugins/<int:plugin_id>/dropped")
@open_to(*DESK)
def plugin_dropped(number: str, plugin_id: int) -> Response:
    """This will take a plug-in from the list."""
    with transaction() as session:
        order = order_for_staff(session, number, for_update=True)
        plugin = plugin_of(session, order.id, plugin_id)
        name = plugin.name
        drop_plugin(session, order, plugin, person=person(), now=now())
    flash(f"Taken from the list: {name}.")
    return redirect(url_for("desk.plugins", number=number), 303)


def _shown(number: str, form: PluginForm, *, refusal: DomainError | None = None) -> str:
    with reading() as session:
        order = order_for_staff(session, number)
        found = plugins_of(session, order.id)
        is_ours = installs_plugins(order.family, order.tier)
        product = order.terms.product_name
    return render_template(
        "desk/plugins.html",
        number=number,
        plugins=found,
        is_ours=is_ours,
        product=product,
        form=form,
        refusal=refusal,
    )
