"""What an order shows without signing in."""
