"""All time: working calendars, pauses, deadlines and why a date is what it is.

Pure but for `source.py`, the only reader of the present. Read `calendar.py` first, then `deadline.py`.
"""
