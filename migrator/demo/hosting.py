"""Three hosted shops: one with a restore done in part, one on a plan without a response promise; and maintenance."""

from __future__ import annotations

from datetime import datetime, timedelta

from migrator.accounts.models import Organisation, Person
from migrator.demo.stage import Stage
from migrator.hosting.maintenance_operations import record_minutes
from migrator.hosting.models import HostingInstance, Magento
from migrator.hosting.operations import Particulars, add_instance, take_up
from migrator.hosting.restore_rules import RestoreKind, RestoreState, Wish
from migrator.journeys.ask_hosting import ask_for_restore
from migrator.journeys.end_restore import finish_restore
from migrator.journeys.maintain_hosting import announce_maintenance
from migrator.policy.hosting import hosting_policy

NIGHT = timedelta(hours=2)
IN_PART = (
    "The folder /media/catalog is back as it was on that day. /media/import is not: it was copied while files "
    "were being written in it, and twelve of them cannot be read. Their names are in /media/import/missing.txt."
)


def hosting(stage: Stage, wanjiru: Person, lucia: Person, henrik: Person, oksana: Person) -> None:
    """This will tell of the shops of Savanna Outfitters, Casa Ocampo and the Nordlys Museum."""
    began_at = stage.at(20, "11:10")
    outfitters = Particulars("shop.savanna-outfitters.example", "business", Magento.MAGENTO_2, stage.calendar.zone)
    ceramics = Particulars("tienda.casa-ocampo.example", "start", Magento.MAGENTO_1, stage.calendar.zone, True)
    museum = Particulars("shop.nordlys-museum.example", "business", Magento.MAGENTO_2, stage.calendar.zone)
    _instance(stage, henrik, museum, oksana, at=began_at)
    shop = _instance(stage, wanjiru, outfitters, oksana, at=began_at)
    store = _instance(stage, lucia, ceramics, oksana, at=began_at)
    _restored_in_part(stage, shop, wanjiru, oksana)
    _maintained(stage, [shop, store], oksana)


def _instance(stage: Stage, customer: Person, particulars: Particulars, by: Person, *, at: datetime) -> HostingInstance:
    organisation = stage.session.get_one(Organisation, customer.organisation_id)
    return add_instance(stage.session, organisation, particulars, policy=hosting_policy(), actor=by.actor, now=at)


def _restored_in_part(stage: Stage, shop: HostingInstance, wanjiru: Person, oksana: Person) -> None:
    at = stage.at(1, "10:05")
    day = stage.day(at)
    wish = Wish(RestoreKind.FILES_PART, day - timedelta(days=2), "/media/catalog\n/media/import", day)
    restore = ask_for_restore(
        stage.session, shop, wish, person=wanjiru, acknowledged=True, token="demo-restore-1", now=at
    )
    take_up(stage.session, restore, person=oksana, now=at + timedelta(minutes=7))
    finish_restore(
        stage.session,
        restore,
        RestoreState.DONE_IN_PART,
        outcome=IN_PART,
        copy_address="",
        person=oksana,
        now=at + timedelta(minutes=13),
    )


def _maintained(stage: Stage, instances: list[HostingInstance], oksana: Person) -> None:
    touched = [instance.id for instance in instances]
    past = stage.at(6, "03:00")
    done = announce_maintenance(
        stage.session,
        title="Security updates of the servers",
        reason="The operating system of the servers is brought up to date.",
        starts_at=past,
        ends_at=past + NIGHT,
        instance_ids=touched,
        person=oksana,
        zone=stage.calendar.zone,
        now=past - timedelta(days=4),
    )
    began = past + timedelta(minutes=20)
    ended = began + timedelta(minutes=12)
    record_minutes(
        stage.session, done, down_from_at=began, down_until_at=ended, actor=oksana.actor, now=past + timedelta(hours=5)
    )
    coming = stage.at(0, "03:00") + timedelta(days=3)
    announce_maintenance(
        stage.session,
        title="New database servers",
        reason="Databases move to faster servers.",
        starts_at=coming,
        ends_at=coming + NIGHT,
        instance_ids=touched,
        person=oksana,
        zone=stage.calendar.zone,
        now=stage.at(1, "16:30"),
    )
