"""Background work: tasks wake up and look at rows; the rows are the truth, so a lost or doubled task changes nothing.

Opens transactions and calls journeys and rooms. Read `tasks.py` first.
"""

from migrator.jobs.queue import wake_of as wake_of
