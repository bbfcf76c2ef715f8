"""Mirrors `migrator/clock`: tables of examples for the rules, properties for the laws."""
