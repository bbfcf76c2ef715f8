"""Tests of what keeps the product running: messages on their way out, the worker, the commands, the demonstration."""
