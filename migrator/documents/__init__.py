"""Documents as accessible PDF: gathered from the rooms below, set by typst. Read `setting.py` first."""
