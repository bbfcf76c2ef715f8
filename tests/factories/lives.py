"""Random lives: a machine of hypothesis that tries a law, the same lives at each run unless more are asked for."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

ASKED_FOR = os.environ.get("LAW_EXAMPLES", "")


def live_through(machine: type[RuleBasedStateMachine], *, lives: int, steps: int) -> None:
    """This will live `lives` random lives of so many steps; `LAW_EXAMPLES=400` lives as many others, new each time.

    :param lives: that each run of the tests has time for
    """
    limits = settings(
        max_examples=int(ASKED_FOR or lives),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        derandomize=not ASKED_FOR,
    )
    run_state_machine_as_test(machine, settings=limits)
