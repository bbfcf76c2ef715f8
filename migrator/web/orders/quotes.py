"""A customer's quotes: asking for a price, and accepting or declining what we offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from migrator.calendars.queries import calendar
from migrator.catalogue.products import product_named
from migrator.catalogue.rules import Selection
from migrator.clock.calendar import Calendar
from migrator.clock.wording import end_text, local_time
from migrator.database.session import reading, transaction
from migrator.errors import DomainError
from migrator.history.actor import Role
from migrator.journeys.accept_quote import accept_quote
from migrator.journeys.request_quote import ask_for_price
from migrator.orders.lifecycle import QUOTE_WORDS, QuoteState
from migrator.orders.quote_models import Quote
from migrator.orders.quote_operations import decline as decline_quote
from migrator.orders.quote_queries import quote_of, quotes_of
from migrator.orders.rules import answer_by
from migrator.policy.loading import catalogue, migration_desk, platforms
from migrator.web.audience import open_to
from migrator.web.fields import optional_text_field
from migrator.web.orders import pages
from migrator.web.request import actor, now, organisation_id, person
from migrator.web.shop.answers import AnswersForm, address_of
from migrator.web.shop.declaration import DeclarationForm, new_token
from migrator.web.shop.offer import AcceptForm, OfferPage, offer_page
