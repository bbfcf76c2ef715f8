"""Tests of giving money back, as finance and customers see it."""
