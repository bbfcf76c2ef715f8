"""Tickets: rules, operations and the lives of requests."""
