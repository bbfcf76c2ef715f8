"""The rooms of money."""
