"""Access items, their fields, and the vault."""
