"""A write that is sent again under its key is made once, and answered as before."""

import asyncio

import httpx

from tests.integration.prioritizer.queue import PERSON, Queue


async def test_a_repeated_write_gives_the_same_answer_byte_for_byte(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead()
    await queue.lead()
    first = await rep.post("/v1/queue/next", headers={"Idempotency-Key": "one"})
    claim = first.json()["claim"]
    body = {"fence": claim["fence"], "result_code": "interested", "note": "Ada likes it"}
    path, two = f"/v1/claims/{claim['id']}/disposition", {"Idempotency-Key": "two"}
    ended = await rep.post(path, json=body, headers=two)
    assert (await rep.post(path, json=body, headers=two)).content == ended.content
    again = await rep.post("/v1/queue/next", headers={"Idempotency-Key": "one"})
    assert again.content == first.content
    other = await rep.post("/v1/queue/next", headers={"Idempotency-Key": "three"})
    assert other.json()["lead"]["id"] != first.json()["lead"]["id"]
    kept = await queue.rows("select sealed from prioritizer.kept_answers")
    assert PERSON["email"] not in str(kept)
    assert len(kept) == 3


async def test_of_two_writes_at_once_with_one_key_one_is_made(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead()
    key = {"Idempotency-Key": "one"}
    answers = await asyncio.gather(
        *(rep.post("/v1/queue/next", headers=key) for _ in range(5)),
    )
    assert len({answer.content for answer in answers}) == 1


async def test_a_key_of_another_request_is_refused(queue: Queue, rep: httpx.AsyncClient) -> None:
    await queue.lead()
    key = {"Idempotency-Key": "one"}
    claim = (await rep.post("/v1/queue/next", headers=key)).json()["claim"]
    answer = await rep.post(
        f"/v1/claims/{claim['id']}/renew", json={"fence": claim["fence"]}, headers=key
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:touchline:problem:key-of-another-request"


async def test_a_refused_write_leaves_its_key_free(queue: Queue, rep: httpx.AsyncClient) -> None:
    await queue.lead()
    claim = (await rep.post("/v1/queue/next")).json()["claim"]
    path, key = f"/v1/claims/{claim['id']}/disposition", {"Idempotency-Key": "one"}
    body = {"fence": claim["fence"], "result_code": "moon"}
    assert (await rep.post(path, json=body, headers=key)).status_code == 422
    body["result_code"] = "interested"
    assert (await rep.post(path, json=body, headers=key)).status_code == 200


async def test_an_answer_about_an_erased_person_is_gone(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    lead = await queue.lead()
    key = {"Idempotency-Key": "one"}
    await rep.post("/v1/queue/next", headers=key)
    await queue.execute("delete from vault.keys where subject = %s", lead.id)
    assert (await rep.post("/v1/queue/next", headers=key)).status_code == 410


async def test_keys_are_forgotten_after_a_day(queue: Queue, rep: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "one"}
    assert (await rep.post("/v1/queue/next", headers=key)).status_code == 204
    await queue.lead()
    assert (await rep.post("/v1/queue/next", headers=key)).status_code == 204
    await queue.execute("update prioritizer.kept_answers set asked_at = now() - interval '2 days'")
    await queue.poller.look()
    assert (await rep.post("/v1/queue/next", headers=key)).status_code == 200
