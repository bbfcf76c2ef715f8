"""The demonstration's invoices: written when all chapters are told, so that their numbers run with their dates."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from migrator.demo.stage import Stage
from migrator.finance.invoices.operations import issue, know_seller
from migrator.finance.invoices.queries import NOBODY, not_issued_yet, seller
from migrator.payments.models import Payment

SELLER = "Northbridge Web Movers Ltd"
ADDRESS = "14 Andriivskyi Uzviz\n04070 Kyiv\nUkraine"
TAX_ID = "UA 40317722"


def papers(stage: Stage) -> None:
    """This will issue what each payment and each refund of the story got, at its own time."""
    for cause in not_issued_yet(stage.session):
        at = cause.settled_at if isinstance(cause, Payment) else cause.ended_at or cause.requested_at
        issue(stage.session, cause, now=at)


def know_company(session: Session, *, now: datetime) -> None:
    """This will say who sells, unless the settings have said it."""
    if seller(session) is NOBODY:
        know_seller(session, name=SELLER, address=ADDRESS, tax_id=TAX_ID, tax_countries="", now=now)
