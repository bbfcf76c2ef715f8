"""What runs by itself: when each task ran last, what it did, and what failed. Written by the jobs, shown to staff.

Read `models.py` first.
"""
