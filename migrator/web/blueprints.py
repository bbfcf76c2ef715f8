"""The list of page folders."""

from __future__ import annotations

from flask import Blueprint

from migrator.web import desk, orders, public

BLUEPRINTS: tuple[Blueprint, ...] = (desk.pages, orders.pages, public.pages)
