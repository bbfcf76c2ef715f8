"""The pages of requests, for customers and for our people."""
