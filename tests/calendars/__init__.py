"""Mirrors `migrator/calendars`."""
