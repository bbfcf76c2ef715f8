"""Giving money back: requests, approvals, what the provider says of them. Read lifecycle.py, then rules.py."""
