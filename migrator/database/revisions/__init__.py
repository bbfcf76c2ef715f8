"""Changes of the schema over time, run by Alembic; the newest equals the models (a test holds it)."""
