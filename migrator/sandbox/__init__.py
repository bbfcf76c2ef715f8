"""The stand-in for Stripe, its own process; knows the clock, money and errors, none of the rooms. Read app.py first."""
