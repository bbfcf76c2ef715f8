"""Mirrors `migrator/cli`: each command as it is typed."""
