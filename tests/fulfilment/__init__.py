"""Verification, pauses, corrections, agreed dates, and the promise that follows from them."""
