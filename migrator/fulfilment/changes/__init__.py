"""What the customer reports or asks for: a problem with the preview or the result, or a change (RULES C-066, C-067)."""
