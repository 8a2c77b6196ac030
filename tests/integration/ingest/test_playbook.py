"""PUT /v1/playbook: one fact in every partition, once a version."""

import asyncio

import httpx
import orjson

from schemas.codec import decode
from schemas.topics import LEAD_EVENTS
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK, SOURCE_KEY, Ingest

OTHER = orjson.dumps(orjson.loads(PLAYBOOK.content) | {"speed_to_lead_minutes": 3})


async def put(ingest: Ingest, content: bytes, key: str = OPERATOR_KEY) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"}
    return await ingest.client.put("/v1/playbook", content=content, headers=headers)


async def test_a_playbook_comes_into_force_in_every_partition(fresh: Ingest) -> None:
    answer = await fresh.publish()

    stored = await fresh.stored(LEAD_EVENTS.name)
    events = [decode(one.message, LEAD_EVENTS.messages) for one in stored]
    assert answer.json() == {
        "playbook": PLAYBOOK.name,
        "number": 1,
        "digest": PLAYBOOK.digest,
        "published": True,
    }
    assert [one.partition for one in stored] == list(range(12))
    assert {event.data.content for event in events} == {PLAYBOOK.content}
    assert len({event.envelope.id for event in events}) == 12


async def test_publishing_what_is_in_force_changes_nothing(ingest: Ingest) -> None:
    pretty = orjson.dumps(orjson.loads(PLAYBOOK.content), option=orjson.OPT_INDENT_2)
    answers = await asyncio.gather(*(put(ingest, pretty) for _ in range(5)))

    assert {answer.json()["published"] for answer in answers} == {False}
    assert len(await ingest.stored(LEAD_EVENTS.name)) == 12


async def test_going_back_to_an_older_playbook_is_a_new_publication(ingest: Ingest) -> None:
    numbers = [
        (await put(ingest, content)).json()["number"]
        for content in (OTHER, PLAYBOOK.content.encode())
    ]

    stored = await ingest.stored(LEAD_EVENTS.name)
    assert numbers == [2, 3]
    assert len({one.headers["ce_id"] for one in stored}) == 36


async def test_rival_publications_take_turns(fresh: Ingest) -> None:
    answers = await asyncio.gather(*(put(fresh, OTHER) for _ in range(8)))

    assert sum(answer.json()["published"] for answer in answers) == 1
    assert len(await fresh.stored(LEAD_EVENTS.name)) == 12


async def test_only_an_operator_publishes(fresh: Ingest) -> None:
    assert (await put(fresh, OTHER, SOURCE_KEY)).status_code == 401
    assert await fresh.stored(LEAD_EVENTS.name) == []


async def test_everything_that_is_wrong_is_told_and_nothing_is_published(fresh: Ingest) -> None:
    wrong = {"entry": [], "teams": [{"name": "a"}, {"name": "a"}], "speed_to_lead_minutes": 0}
    answer = await put(fresh, orjson.dumps(orjson.loads(OTHER) | wrong))

    assert answer.status_code == 422
    told = {error["field"]: error["rule"] for error in answer.json()["errors"]}
    assert told == {
        "entry": "the list is empty",
        "speed_to_lead_minutes": "too small",
        "teams[1].name": "name a is used twice",
    }
    assert all(error["fix"] for error in answer.json()["errors"])
    assert await fresh.stored(LEAD_EVENTS.name) == []
