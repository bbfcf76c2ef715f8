"""The list of page folders."""

from __future__ import annotations

from flask import Blueprint

from migrator.web import public

BLUEPRINTS: tuple[Blueprint, ...] = (public.pages,)
