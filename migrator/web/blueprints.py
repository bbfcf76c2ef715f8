"""The list of page folders."""

from __future__ import annotations

from flask import Blueprint

from migrator.web import admin, desk, orders, public

BLUEPRINTS: tuple[Blueprint, ...] = (admin.pages, desk.pages, orders.pages, public.pages)
