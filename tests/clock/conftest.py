"""Properties are not timed: a machine that is busy with something else breaks no law."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
