"""Telling people: every message is a row first, delivered by the worker; only `gateway.py` speaks SMTP.

Read `operations.owe` first.
"""
