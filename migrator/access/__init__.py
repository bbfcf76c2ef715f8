"""The access details that customers give us: items, sealed secrets, and who looked at them. Read `rules.py` first."""
