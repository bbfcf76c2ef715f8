"""What is said to people without their asking: reminders, what ended by itself, and whom we wait for too long.

Read `rules.py` first. The letters themselves are written by the journey `write_daily_letters`.
"""
