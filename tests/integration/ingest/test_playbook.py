"""PUT /v1/playbook: one fact in every partition, once a version."""

import asyncio

import httpx
import orjson

from schemas.codec import decode
from schemas.topics import LEAD_EVENTS
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK, SOURCE_KEY, Ingest

OTHER = orjson.dumps(orjson.loads(PLAYBOOK.content) | {"speed_to_lead_minutes": 3})


def many(cadences: int, activity: str = "Call; leave a voicemail if nobody answers") -> bytes:
    """A playbook of so many cadences, of nine steps each."""
    content = orjson.loads(PLAYBOOK.content)
    steps = [{"day": day, "channel": "call", "activity": activity} for day in range(1, 10)]
    names = [f"cadence-{n}" for n in range(cadences)]
    entry = [{"cadence": name, "when": {"campaign": name}} for name in names[1:]]
    return orjson.dumps(
        content
        | {
            "cadences": [{"name": name, "steps": steps} for name in names],
            "entry": [*entry, {"cadence": names[0]}],
        }
    )


async def put(
    ingest: Ingest, content: bytes, key: str = OPERATOR_KEY, **more: str
) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}"} | more
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


async def test_a_thousand_cadences_can_be_published(fresh: Ingest) -> None:
    answer = await put(fresh, many(1_000))

    assert answer.status_code == 200, answer.text
    assert len(await fresh.stored(LEAD_EVENTS.name)) == 12


async def test_what_no_broker_takes_is_refused_with_a_fix_and_leaves_nothing(
    fresh: Ingest,
) -> None:
    indented = orjson.dumps(orjson.loads(many(700)), option=orjson.OPT_INDENT_2)
    assert len(indented) > 900_000
    too_large = await put(fresh, many(1_000, "A" * 120))
    (error,) = too_large.json()["errors"]

    assert (too_large.status_code, error["field"]) == (413, "value")
    assert error["rule"] == "a message for sales.lead.events.v1 is larger than 1000000 bytes"
    assert "take out cadences" in error["fix"]
    assert await fresh.stored(LEAD_EVENTS.name) == []
    assert await fresh.rows("select 1 from ingest.playbooks") == []
    assert (await put(fresh, b" " * 2_100_000)).status_code == 413
    assert (await put(fresh, indented)).json()["number"] == 1


async def test_the_same_publication_with_the_same_key_is_answered_as_before(
    ingest: Ingest,
) -> None:
    named = {"idempotency-key": "monday"}
    first, again = [await put(ingest, OTHER, **named) for _ in range(2)]
    assert (first.json()["published"], first.content) == (True, again.content)
    assert len(await ingest.stored(LEAD_EVENTS.name)) == 24


async def test_a_publication_replaces_only_the_playbook_that_it_means(ingest: Ingest) -> None:
    headers = {"authorization": f"Bearer {OPERATOR_KEY}"}
    there = await ingest.client.get("/v1/playbook", headers=headers)
    assert (there.json()["number"], there.json()["digest"]) == (1, PLAYBOOK.digest)
    tag = there.headers["etag"]
    known = headers | {"if-none-match": tag}
    assert (await ingest.client.get("/v1/playbook", headers=known)).status_code == 304
    assert (await put(ingest, OTHER, **{"if-match": tag})).json()["published"] is True
    late = await put(ingest, PLAYBOOK.content.encode(), **{"if-match": tag})
    assert late.status_code == 412
    assert len(await ingest.stored(LEAD_EVENTS.name)) == 24
