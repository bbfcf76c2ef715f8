"""Double entry: transfers between accounts, each tied to its cause, never changed. Read accounts.py first."""
