"""Telling people: every message is a row first, delivered by the worker. Read `operations.owe` first."""
