"""Full migrations and restarts: who started each, from which preview, and what became of it. See `rules.py`."""
