"""What a rep promises a lead when the touch is logged: a call at a moment to come."""

from datetime import UTC, datetime, timedelta

import pytest

from services.runtime.doors.problem import Problem
from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import Queue

DAY = timedelta(days=1)


async def test_a_promised_call_is_written_into_the_touch(queue: Queue) -> None:
    await queue.lead()
    await queue.dispose(await queue.given(), callback_at=NOW + DAY)
    assert (await queue.told())[1].data.callback_at == NOW + DAY


@pytest.mark.parametrize(
    ("callback_at", "rule"),
    [
        (NOW, "in-the-future"),
        (NOW - DAY, "in-the-future"),
        (datetime(1970, 1, 1, tzinfo=UTC), "in-the-future"),
        (NOW + DAY * 366, "at-most-a-year-ahead"),
    ],
)
async def test_a_promise_out_of_range_is_refused_by_field_and_changes_nothing(
    queue: Queue, callback_at: datetime, rule: str
) -> None:
    await queue.lead()
    given = await queue.given()
    with pytest.raises(Problem) as problem:
        await queue.dispose(given, callback_at=callback_at)
    assert (problem.value.status_code, problem.value.type) == (422, "callback-out-of-range")
    (error,) = problem.value.errors
    assert (error.field, error.rule) == ("body.callback_at", rule)
    assert error.fix.startswith("send a time after ")
    await queue.dispose(given, callback_at=NOW + DAY * 365)


async def test_the_same_promise_again_gives_the_same_answer_even_when_it_is_past(
    queue: Queue,
) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.dispose(given, callback_at=NOW + DAY)
    await queue.dispose(given, callback_at=NOW + DAY)
    await queue.execute("update prioritizer.claims set callback_at = %s", NOW - DAY)
    await queue.dispose(given, callback_at=NOW - DAY)
    assert len(await queue.told()) == 3


@pytest.mark.parametrize("callback_at", [None, NOW + DAY * 2])
async def test_another_promise_for_an_ended_claim_is_refused(
    queue: Queue, callback_at: datetime | None
) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.dispose(given, callback_at=NOW + DAY)
    with pytest.raises(Problem) as problem:
        await queue.dispose(given, callback_at=callback_at)
    assert (problem.value.status_code, problem.value.type) == (409, "already-closed")
    assert "callback_at" in problem.value.detail


async def test_a_promise_in_the_past_for_an_ended_claim_is_told_that_it_ended(
    queue: Queue,
) -> None:
    await queue.lead()
    given = await queue.given()
    await queue.dispose(given)
    with pytest.raises(Problem) as problem:
        await queue.dispose(given, callback_at=NOW - DAY)
    assert problem.value.type == "already-closed"
