"""Previews of the result: link pairs that the customer marks, and counts with the reason for what was skipped."""
