"""Each change of who works is one fact in the log, in the transaction of the change itself."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import psycopg
import pytest
import pytest_asyncio

from engagement.playbook.team import WorkingHours
from services.prioritizer import api
from services.prioritizer.callers import callers_of
from services.prioritizer.people import api as people_api
from services.prioritizer.people.rep_hours import HoursOfReps
from services.prioritizer.people.time_off import TimesOff
from services.prioritizer.settings import RepSettings
from services.runtime.access.roles import Caller
from services.runtime.doors.http import application
from services.runtime.doors.problem import Problem
from services.runtime.outbox.outbox import Outbox
from tests.integration.prioritizer.decisions import NOW, TEAM
from tests.integration.prioritizer.queue import ANA, BEN, Queue

HOUR = timedelta(hours=1)
SELF = Caller("ana", frozenset({"rep"}), TEAM)
OFF = {
    "rep_id": "ana",
    "begins_at": (NOW - HOUR).isoformat(),
    "ends_at": (NOW + HOUR).isoformat(),
}
HOURS = {"time_zone": "Europe/Berlin", "days": ["wed", "mon"], "hours": "09:00-13:00"}


@pytest_asyncio.fixture
async def rep(queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    """Ana's client."""
    reps = callers_of({"ana": RepSettings(key_sha256=sha256(b"ana").hexdigest(), team=TEAM)})
    routers = [api.router(queue.desk, reps), people_api.router(queue.desk, reps)]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application("prioritizer", routers, 10_000)),
        base_url="http://queue",
        headers={"Authorization": "Bearer ana"},
    ) as client:
        yield client


async def told(queue: Queue) -> list[str]:
    return [one.data.type for one in await queue.told_of_people()]


async def test_each_call_writes_its_fact_once_and_a_repeat_none(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    off_id, expected = "", list[str]()
    for method, path, body, type_ in (
        ("POST", "/v1/presence", {"state": "clocked-in"}, "rep-clocked-in"),
        ("POST", "/v1/presence", {"state": "paused"}, "rep-paused"),
        ("POST", "/v1/presence", {"state": "left"}, "rep-clocked-out"),
        ("POST", "/v1/time-off", OFF, "time-off-set"),
        ("DELETE", "/v1/time-off/{}", None, "time-off-removed"),
        ("PUT", "/v1/rep-hours/ana", HOURS, "rep-hours-set"),
        ("DELETE", "/v1/rep-hours/ana", None, "rep-hours-removed"),
    ):
        address, key = path.format(off_id), {"Idempotency-Key": type_}
        answers = [await rep.request(method, address, json=body, headers=key) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        off_id = answers[0].json().get("id", "")
        expected.append(type_)
        assert await told(queue) == expected


async def test_the_facts_say_who_and_when(queue: Queue, rep: httpx.AsyncClient) -> None:
    standing = (await rep.post("/v1/presence", json={"state": "clocked-in"})).json()
    off = (await rep.post("/v1/time-off", json=OFF)).json()
    arrived, set_ = [one.data for one in await queue.told_of_people()]
    assert (arrived.team, arrived.rep_id) == (TEAM, "ana")
    assert arrived.model_dump(mode="json")["occurred_at"] == standing["since"]
    known: dict[str, Any] = set_.model_dump(mode="json")
    assert (
        known.items()
        >= {
            "time_off_id": off["id"],
            "team": TEAM,
            "rep_id": "ana",
            "begins_at": off["begins_at"],
            "ends_at": off["ends_at"],
            "told_by": "ana",
        }.items()
    )


async def test_hours_are_told_as_they_were_set(queue: Queue, rep: httpx.AsyncClient) -> None:
    hours: dict[str, Any] = HOURS | {"days": ["mon", "wed"]}
    known = {"rep_id": "ana", "hours": hours}
    assert (await rep.put("/v1/rep-hours/ana", json=HOURS)).json() == known
    assert (await rep.get("/v1/rep-hours")).json() == [known]
    await rep.post("/v1/presence", json={"state": "clocked-in"})
    (standing,) = (await rep.get("/v1/presence")).json()
    assert standing["hours"] == hours
    fact = (await queue.told_of_people())[0].data.model_dump(mode="json")
    assert fact.items() >= {**hours, "rep_id": "ana", "told_by": "ana"}.items()


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("ana", HOURS | {"hours": "09:00-09:30"}, (422, "body.hours: open for less than an hour")),
        ("ana", HOURS | {"time_zone": "Berlin"}, (422, "body.time_zone: not an IANA time zone")),
        ("ana", HOURS | {"days": []}, (422, "body.days")),
        ("ana", {"hours": "09:00-13:00"}, (422, "body.time_zone")),
        ("ben", HOURS, (403, "path.rep_id: name yourself")),
        ("a/b", HOURS, (403, "path.rep_id: name yourself")),
    ],
)
async def test_hours_that_break_a_rule_change_nothing(
    queue: Queue, rep: httpx.AsyncClient, path: str, body: dict[str, Any], refusal: tuple[int, str]
) -> None:
    refused = await rep.put(f"/v1/rep-hours/{path}", json=body)
    status, named = refusal
    assert refused.status_code == status
    assert named in refused.json()["detail"]
    assert await told(queue) == []


async def test_asking_clocks_in_once_whether_or_not_a_lead_is_due(queue: Queue) -> None:
    assert await queue.next(BEN) is None
    await queue.lead()
    for _ in range(3):
        await queue.given(ANA)
        assert await queue.next(BEN) is None
    told_of = [(one.data.type, one.data.rep_id) for one in await queue.told_of_people()]
    assert told_of == [("rep-clocked-in", "ben"), ("rep-clocked-in", "ana")]


async def test_picking_clocks_in_too(queue: Queue, seed: Any) -> None:
    await queue.teach(seed, picking=True)
    lead = await queue.lead()
    await queue.serving.pick(ANA, lead.id)
    await queue.serving.pick(ANA, lead.id)
    assert await told(queue) == ["rep-clocked-in"]


async def test_a_sign_of_life_and_a_word_that_is_said_again_are_no_facts(queue: Queue) -> None:
    await queue.lead()
    claim = (await queue.given(ANA)).claim
    await queue.holding.renew("ana", claim.claim_id, claim.fence)
    await queue.presence.say(ANA, "clocked-in")
    for _ in range(2):
        await queue.presence.say(ANA, "paused")
    for _ in range(2):
        await queue.presence.say(ANA, "left")
    assert await told(queue) == ["rep-clocked-in", "rep-paused", "rep-clocked-out"]


@pytest.mark.parametrize("word", ["clocked-in", "paused"])
async def test_silence_is_told_once_from_the_moment_at_which_it_began(
    queue: Queue, word: Any
) -> None:
    await queue.presence.say(ANA, word)
    await queue.presence.say(BEN, "left")
    (row,) = await queue.rows(
        "update prioritizer.presence set until = now() - interval '1 minute'"
        " where rep_id = 'ana' returning until"
    )
    for _ in range(2):
        await queue.poller.look()
    *_, left, silent = await queue.told_of_people()
    assert left.data.type == "rep-clocked-out"
    assert (silent.data.type, silent.data.occurred_at) == ("rep-fell-silent", row["until"])
    assert (await queue.presence.team(TEAM))[0].state == "absent"
    await queue.presence.say(ANA, "clocked-in")
    assert (await told(queue))[-1] == "rep-clocked-in"


async def test_who_may_not_work_has_told_nothing_by_asking(queue: Queue) -> None:
    await TimesOff(queue.pool).enter(SELF, "ana", NOW - HOUR, NOW + HOUR)
    with pytest.raises(Problem):
        await queue.next(ANA)
    assert await told(queue) == ["time-off-set"]


async def test_without_its_fact_there_is_no_change(queue: Queue) -> None:
    lost = Outbox("nowhere")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await replace(queue.presence, outbox=lost).say(ANA, "clocked-in")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await TimesOff(queue.pool, lost).enter(SELF, "ana", NOW, NOW + HOUR)
    with pytest.raises(psycopg.errors.UndefinedTable):
        await HoursOfReps(queue.pool, lost).set(SELF, "ana", WorkingHours.model_validate(HOURS))
    with pytest.raises(psycopg.errors.UndefinedTable):
        await replace(queue.serving, outbox=lost).next(ANA)
    assert await queue.presence.team(TEAM) == ()
    assert await TimesOff(queue.pool).coming(SELF) == ()
    assert await HoursOfReps(queue.pool).all(SELF) == ()


async def test_facts_of_a_team_lie_on_one_partition_under_its_name(queue: Queue) -> None:
    await queue.presence.say(ANA, "clocked-in")
    await TimesOff(queue.pool).enter(SELF, "ana", NOW, NOW + HOUR)
    rows = await queue.rows("select topic, partition, key from prioritizer.outbox")
    assert {(row["topic"], bytes(row["key"])) for row in rows} == {
        ("sales.queue.events.v1", TEAM.encode())
    }
    assert len({row["partition"] for row in rows}) == 1
