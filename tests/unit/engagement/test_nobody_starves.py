"""Leads come in steadily and reps ask steadily: how long the last of each tier waits, at most.

Time is the test's own: a minute a turn, and one rank a touch, found once when it is planned.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import pytest

from engagement.playbook.queue import DEFAULT
from engagement.priority import Known, Rank, rank
from schemas.events.plan import TouchPlanned
from tests.unit.engagement.test_priority import FEATURES, HOUR, MINUTE, NOW, planned

LAST_WINDOW = 60
LOADS = [(0, 2), (20, 2), (90, 2), (150, 3), (150, 5)]
"""Leads that wait already, and every how many minutes one more comes in."""


class Waiting(NamedTuple):
    plan: TouchPlanned
    rank: Rank

    def stands(self, at: datetime) -> tuple[int, int, UUID]:
        place = self.rank.at(at)
        return place.tier_order, place.order_key, self.plan.lead_id


class Served(NamedTuple):
    waited: int
    """Minutes, from its opening on."""
    tier: str
    number: int
    """In which turn it came in."""


def arrived(number: int, minute: int) -> Waiting:
    at = NOW + minute * MINUTE
    plan = planned(lead_id=UUID(int=number), not_before=at, lapses_at=at + 999 * HOUR)
    return Waiting(plan, rank(DEFAULT, Known(FEATURES, at, at), plan))


def worked(backlog: int, every: int, minutes: int) -> list[Served]:
    """One lead is served a minute; one comes in each `every` minutes, on top of the backlog."""
    waiting = [arrived(number, -1) for number in range(1, backlog + 1)]
    served: list[Served] = []
    for minute in range(minutes):
        if minute % every == 0:
            waiting.append(arrived(backlog + minute + 1, minute))
        if not waiting:
            continue
        at = NOW + minute * MINUTE
        first = min(waiting, key=lambda one: one.stands(at))
        waiting.remove(first)
        waited = (at - first.plan.not_before) // MINUTE
        served.append(Served(waited, first.rank.at(at).tier, first.plan.lead_id.int))
    assert not waiting, "the reps were given time enough"
    return served


@pytest.mark.parametrize(("backlog", "every"), LOADS)
def test_whoever_was_not_called_while_new_is_called_in_the_order_of_arrival(
    backlog: int, every: int
) -> None:
    """With hands to spare nobody waits longer than the windows and what came in before: the newest
    do not push the oldest back for ever."""
    served = worked(backlog, every, every * (backlog + 2 * LAST_WINDOW))
    late = [one for one in served if one.tier == "never-touched"]
    assert late or backlog < LAST_WINDOW
    assert [one.number for one in late] == sorted(one.number for one in late)
    spare = every / (every - 1)
    assert max(one.waited for one in served) <= max(LAST_WINDOW, backlog * spare) + 1 + every


@pytest.mark.parametrize(("backlog", "every"), LOADS)
def test_who_comes_in_is_served_at_the_very_next_question(backlog: int, every: int) -> None:
    served = worked(backlog, every, every * (backlog + 2 * LAST_WINDOW))
    assert all(one.waited == 0 for one in served if one.number > backlog)
