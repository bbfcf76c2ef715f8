"""Support hours: entries in tenths of an hour, what they leave, and the timer that measures them. See `rules.py`."""
