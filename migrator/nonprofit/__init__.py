"""Applications for the non-profit discount: an aim of a week, and never for the past (RULES C-085 to C-087)."""
