"""Imports every models module, so that the schema is whole wherever it is asked for."""

from migrator.access import models as access
from migrator.accounts import models as accounts
from migrator.accounts.stops import models as stops
from migrator.announcements import models as announcements
from migrator.calendars import closure_models as closures
from migrator.calendars import models as calendars
from migrator.database.base import Base
from migrator.finance.covers import models as covers
from migrator.finance.invoices import models as invoices
from migrator.finance.ledger import models as ledger
from migrator.finance.months import models as months
from migrator.finance.reconciliation import models as statements
from migrator.finance.reconciliation import run_models as reconciliation
from migrator.fulfilment import desk_models as views
from migrator.fulfilment import models as fulfilment
from migrator.fulfilment.changes import models as changes
from migrator.fulfilment.checks import models as checks
from migrator.fulfilment.closures import models as recounts
from migrator.fulfilment.hours import models as hours
from migrator.fulfilment.previews import models as previews
from migrator.fulfilment.runs import models as runs
from migrator.fulfilment.windows import models as windows
from migrator.history import models as history
from migrator.hosting import maintenance_models as maintenance
from migrator.hosting import models as hosting
from migrator.ideas import models as ideas
from migrator.nonprofit import models as nonprofit
from migrator.notifications import choice_models as choices
from migrator.notifications import models as notifications
from migrator.orders import link_models as links
from migrator.orders import models as orders
from migrator.orders import quote_models as quotes
from migrator.orders import search_models as search
from migrator.orders import supplement_models as supplements
from migrator.payments import models as payments
from migrator.payments.disputes import models as disputes
from migrator.payments.refunds import models as refunds
from migrator.scope import models as scope
from migrator.support import models as support
from migrator.support import search_models as ticket_words
from migrator.support.mail import models as mail
from migrator.support.merging import models as merges
from migrator.upkeep import models as upkeep

ALL = (
    accounts, access, calendars, closures, fulfilment, changes, checks, recounts, hours, previews, runs, windows,
    views, history, nonprofit, notifications, choices, orders, links, quotes, search, supplements, payments, upkeep,
    statements, reconciliation,
    refunds, disputes,
    invoices, months,
    covers, ledger,
    announcements, ideas, stops,
    support, ticket_words, mail, merges,
    scope, hosting, maintenance,
)  # fmt: skip
metadata = Base.metadata
