"""Orders, the quotes that come before some of them, and what is said about them. Read `lifecycle.py` first."""
