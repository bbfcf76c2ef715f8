"""What was done, by whom, when and why: one append-only table for all rooms. Read `operations.record` first."""
