"""Imports every models module, so that the schema is whole wherever it is asked for."""

from migrator.access import models as access
from migrator.accounts import models as accounts
from migrator.calendars import models as calendars
from migrator.database.base import Base
from migrator.fulfilment import models as fulfilment
from migrator.history import models as history
from migrator.notifications import models as notifications
from migrator.orders import models as orders
from migrator.orders import quote_models as quotes
from migrator.payments import models as payments

ALL = (accounts, access, calendars, fulfilment, history, notifications, orders, quotes, payments)
metadata = Base.metadata
