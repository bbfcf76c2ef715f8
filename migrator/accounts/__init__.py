"""People and their organisations; the only room that may know Flask-Security.

Read `models.py` first, then `security.py`.
"""
