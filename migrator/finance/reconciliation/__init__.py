"""What the payment provider says beside what we say: statements, matches, and what does not fit (PAYMENTS).

Works on whole sets inside the database. Read lifecycle.py for the codes, then runs.py for the steps of a run.
"""
