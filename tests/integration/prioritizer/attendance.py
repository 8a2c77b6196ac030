"""Reps who come, are away, and are refused meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from services.prioritizer.callers import Rep
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.serving.serving import Serving
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, Queue

MANAGER = Caller("mia", frozenset({"manager"}), TEAM)
HOUR = timedelta(hours=1)
MINE: dict[str, Any] = {"for_rep": "ana", "due_at": NOW + HOUR, "lapses_at": NOW + 9 * HOUR}


async def refused(serving: Serving, rep: Rep = ANA) -> tuple[int, str]:
    """How the rep is refused a lead."""
    with pytest.raises(Problem) as problem:
        await serving.next(rep)
    return problem.value.status_code, problem.value.type


async def off(queue: Queue, rep_id: str | None, begins: timedelta, ends: timedelta) -> None:
    """Time off of the rep, or of the whole team, so long from now."""
    now = (await queue.rows("select now()"))[0]["now"]
    await TimesOff(queue.pool).enter(MANAGER, rep_id, now + begins, now + ends)
