"""Payments that a cardholder disputes at the bank, as the provider tells of them. Read lifecycle.py first."""
