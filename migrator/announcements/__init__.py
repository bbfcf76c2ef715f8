"""What we tell everybody: written news, and whether the chat is open.

May touch the database and the history. Closures are news by themselves (`calendars`). Read `models.py` first.
"""
