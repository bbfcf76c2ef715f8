"""Invoices, receipts and credit notes: numbered without gaps, frozen when they are issued. Read `models.py` first."""
