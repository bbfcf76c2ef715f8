"""What is sold and for how much, computed from the policy's catalogue. Pure: read `products.py`, then `rules.py`."""
