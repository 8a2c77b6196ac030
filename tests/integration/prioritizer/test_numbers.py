"""A team's queue in numbers: of every team for analysts and operators, and no person in it."""

from datetime import timedelta

import pytest

from services.prioritizer.lists.numbers import numbers
from services.runtime.access.roles import Caller
from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, Queue

HOUR = timedelta(hours=1)
REP = Caller("ana", frozenset({"rep"}), TEAM)
MANAGER = Caller("max", frozenset({"manager"}), TEAM)
OPERATOR = Caller("otto", frozenset({"operator"}), None)
ANALYST = Caller("zoe", frozenset({"analyst"}), None)


@pytest.mark.parametrize("caller", [REP, MANAGER, OPERATOR, ANALYST])
async def test_a_teams_queue_in_numbers(queue: Queue, caller: Caller) -> None:
    long = {"attempts": 1, "not_before": NOW - 2 * HOUR}
    for plan in ({}, {}, long, {"not_before": NOW + HOUR / 2}, {"kind": "automated"}):
        await queue.lead(**plan)
    stopped = await queue.lead()
    await queue.fold(stopped.paused())
    await queue.lead(team="another")
    await queue.given(ANA)
    told = await numbers(queue.pool, caller, None if caller.team else TEAM)
    assert [(one.tier, one.leads, one.later) for one in told.ready] == [
        ("new", 1, 0),
        ("due", 1, 1),
    ]
    assert [(one.rule, one.leads, one.returns_at) for one in told.kept_back] == [
        ("window-not-open", 1, NOW + HOUR / 2)
    ]
    assert (told.team, told.held, told.paused, told.automated, told.working) == (TEAM, 1, 1, 1, 1)
    assert "ana" not in told.model_dump_json()


async def test_a_rep_reads_the_own_teams_and_who_has_none_names_one(queue: Queue) -> None:
    for caller, team, status in ((REP, "another", 403), (OPERATOR, None, 422)):
        with pytest.raises(Problem) as problem:
            await numbers(queue.pool, caller, team)
        assert problem.value.status_code == status
