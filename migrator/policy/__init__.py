"""What we promise, as versioned data: TOML files beside frozen types. Read `loading.py` first.

Every promised number lives here once; pages, e-mails, API and tests read it from here, and an order keeps the
version that it was sold under (RULES D-8).
"""
