"""What a rep promises at the console: kept by a result that keeps it, or refused in words."""

import re

import httpx
import pytest

from engagement.playbook import Playbook
from tests.integration.prioritizer.console.desk import hidden
from tests.integration.prioritizer.decisions import Lead
from tests.integration.prioritizer.queue import Queue

ZONE = "America/New_York"
LATER = {"code": "LATER", "label": "Call later", "action": "schedule-callback", "hours": 24}


async def promised(queue: Queue, seed: Playbook) -> Lead:
    """A lead whose touch may end with a callback."""
    known = seed.model_dump()
    calendar = known["calendar"] | {"time_zone": ZONE}
    results = [*known["results"], LATER]
    await queue.teach(seed, calendar=calendar, results=results)
    return await queue.lead(result_codes=("NOANSWER", "LATER"))


async def in_a(queue: Queue, time: str) -> str:
    """That time from now, on the lead's clock."""
    sql = "select (now() + %s::interval) at time zone %s as local"
    return f"{(await queue.rows(sql, time, ZONE))[0]['local']:%Y-%m-%dT%H:%M}"


async def test_a_callback_is_told_by_the_leads_clock(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    lead = await promised(queue, seed)
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    local = await in_a(queue, "1 day")
    await ana.post("/done", data=form | {"result": "LATER", "callback": local})
    touch = next(one for one in await queue.told() if one.data.type == "touch-logged")
    told = await queue.rows("select %s at time zone %s as local", touch.data.callback_at, ZONE)
    assert f"{told[0]['local']:%Y-%m-%dT%H:%M}" == local
    assert touch.data.lead_id == lead.id


async def test_a_lead_that_moved_since_is_called_by_the_clock_that_the_rep_read(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    lead = await promised(queue, seed)
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    local = await in_a(queue, "1 day")
    moved = "update prioritizer.leads set features = features || %s::jsonb where lead_id = %s"
    await queue.execute(moved, '{"time_zone": "Asia/Tokyo"}', lead.id)
    await ana.post("/done", data=form | {"result": "LATER", "callback": local})
    touch = next(one for one in await queue.told() if one.data.type == "touch-logged")
    told = await queue.rows("select %s at time zone %s as local", touch.data.callback_at, ZONE)
    assert f"{told[0]['local']:%Y-%m-%dT%H:%M}" == local


@pytest.mark.parametrize(
    ("result", "time", "words"),
    [
        ("LATER", "-1 hour", "later than now, and within a year"),
        ("LATER", "367 days", "later than now, and within a year"),
        ("NOANSWER", "1 day", "That result keeps no callback"),
    ],
)
async def test_a_promise_that_would_not_be_kept_is_refused_and_the_lead_stays_in_hand(  # noqa: PLR0917
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook, result: str, time: str, words: str
) -> None:
    await promised(queue, seed)
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    local = await in_a(queue, time)
    refused = await ana.post("/done", data=form | {"result": result, "callback": local})
    assert words in refused.text
    assert [event.data.type for event in await queue.told()] == ["lead-claimed"]
    assert hidden(refused.text, "/done")["claim"] == form["claim"]


async def test_a_time_that_is_none_is_refused(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    await promised(queue, seed)
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    refused = await ana.post("/done", data=form | {"result": "LATER", "callback": "soon"})
    assert "Write the callback as a date and a time" in refused.text


async def test_the_field_is_there_only_where_a_result_keeps_it_and_says_its_bounds(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    await promised(queue, seed)
    page = (await ana.post("/next", data={"key": "k"})).text
    bounds = re.search(r'type="datetime-local" min="(.+?)" max="(.+?)"', page)
    assert bounds is not None
    assert await in_a(queue, "0 s") < bounds[1] <= await in_a(queue, "2 minutes")
    assert await in_a(queue, "364 days") < bounds[2] <= await in_a(queue, "365 days")
    assert "Kept by: Call later." in page


async def test_no_field_where_no_result_keeps_a_callback(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    await queue.teach(seed)
    await queue.lead(result_codes=("NOANSWER",))
    assert "datetime-local" not in (await ana.post("/next", data={"key": "k"})).text
