"""Taking money; may touch the rooms below and, through gateway.py alone, Stripe. Read gateway.py first."""
