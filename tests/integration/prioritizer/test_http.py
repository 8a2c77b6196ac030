"""The queue as a rep's client sees it: shapes, refusals and headers."""

from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from tests.integration.prioritizer.decisions import NOW
from tests.integration.prioritizer.queue import PERSON, Queue


async def test_a_rep_works_a_lead_from_question_to_disposition(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    lead = await queue.lead()
    given = (await rep.post("/v1/queue/next")).json()
    assert given["lead"]["id"] == str(lead.id)
    assert given["lead"]["person"] == PERSON
    assert given["activity"]["result_codes"] == ["no-answer", "interested"]
    assert given["why"]["words"].startswith("new: ")
    assert given["why"]["inputs"]["others"] == 0
    claim, path = given["claim"], f"/v1/claims/{given['claim']['id']}"
    renewed = await rep.post(f"{path}/renew", json={"fence": claim["fence"]})
    assert renewed.json()["leased_until"] > claim["leased_until"]
    ended = await rep.post(
        f"{path}/disposition",
        json={"fence": claim["fence"], "result_code": "interested", "note": "Call back"},
    )
    assert ended.json()["state"] == "disposed"
    assert ended.json()["outcome"] == "interested"


async def test_a_claim_explains_itself_later(queue: Queue, rep: httpx.AsyncClient) -> None:
    await queue.lead()
    other = await queue.lead(attempts=1)
    claim = (await rep.post("/v1/queue/next")).json()["claim"]
    told = (await rep.get(f"/v1/claims/{claim['id']}/explain")).json()
    assert (told["tier"], told["playbook_digest"]) == ("new", "0" * 64)
    assert told["terms"][0]["value"] == "1 new"
    assert [one["lead_id"] for one in told["runners_up"]] == [str(other.id)]
    assert (await rep.get(f"/v1/claims/{uuid4()}/explain")).status_code == 404


async def test_a_rep_clocks_in_pauses_and_leaves(queue: Queue, rep: httpx.AsyncClient) -> None:
    lead = await queue.lead()
    key = {"Idempotency-Key": "pause"}
    paused = await rep.post("/v1/presence", json={"state": "paused"}, headers=key)
    assert paused.json()["state"] == "paused"
    none = await rep.post("/v1/queue/next")
    assert (none.status_code, none.json()["type"]) == (409, "urn:touchline:problem:paused")
    assert '"state": "clocked-in"' in none.json()["detail"]
    await rep.post("/v1/presence", json={"state": "clocked-in"})
    again = await rep.post("/v1/presence", json={"state": "paused"}, headers=key)
    assert again.content == paused.content
    given = await rep.post("/v1/queue/next")
    assert given.json()["lead"]["id"] == str(lead.id)
    (one,) = (await rep.get("/v1/presence")).json()
    assert (one["rep_id"], one["state"]) == ("ana", "clocked-in")
    wrong = await rep.post("/v1/presence", json={"state": "asleep"})
    assert wrong.status_code == 422


async def test_time_off_is_entered_listed_and_ended(queue: Queue, rep: httpx.AsyncClient) -> None:
    await queue.lead()
    ends = (NOW + timedelta(hours=1)).isoformat()
    body = {"rep_id": "ana", "begins_at": (NOW - timedelta(hours=1)).isoformat(), "ends_at": ends}
    off = (await rep.post("/v1/time-off", json=body)).json()
    assert (await rep.get("/v1/time-off")).json() == [off]
    refused = (await rep.post("/v1/queue/next")).json()
    assert refused["type"] == "urn:touchline:problem:time-off"
    assert NOW.astimezone().year == datetime.fromisoformat(off["ends_at"]).year
    assert (await rep.post("/v1/time-off", json=body | {"rep_id": None})).status_code == 403
    backwards = await rep.post("/v1/time-off", json=body | {"begins_at": ends})
    assert backwards.status_code == 422
    path = f"/v1/time-off/{off['id']}"
    assert (await rep.delete(path)).json() == off
    assert (await rep.delete(path)).status_code == 404
    assert (await rep.post("/v1/queue/next")).status_code == 200


async def test_an_empty_queue_says_when_to_ask_again(rep: httpx.AsyncClient) -> None:
    answer = await rep.post("/v1/queue/next")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic YTpi"])
async def test_nobody_asks_without_a_key(rep: httpx.AsyncClient, authorization: str) -> None:
    answer = await rep.post("/v1/queue/next", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("renew", {}, "fence"),
        ("renew", {"fence": 0}, "fence"),
        ("renew", {"fence": 2**63}, "fence"),
        ("release", {"fence": 1}, "reason"),
        ("release", {"fence": 1, "reason": "a\x00b"}, "reason"),
        ("disposition", {"fence": 1, "result_code": ""}, "result_code"),
        ("disposition", {"fence": 1, "result_code": "x", "channel": "fax"}, "channel"),
        ("disposition", {"fence": 1, "result_code": "x", "notes": "y"}, "notes"),
        (
            "disposition",
            {"fence": 1, "result_code": "x", "callback_at": "2030-01-01T09:00:00"},
            "callback_at",
        ),
    ],
)
async def test_a_bad_body_is_refused_by_field(
    rep: httpx.AsyncClient, action: str, body: dict[str, object], field: str
) -> None:
    answer = await rep.post(f"/v1/claims/{uuid4()}/{action}", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith(field)


async def test_refusals_are_problems_that_callers_can_branch_on(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead()
    claim = (await rep.post("/v1/queue/next")).json()["claim"]
    path = f"/v1/claims/{claim['id']}"
    stale = await rep.post(f"{path}/renew", json={"fence": claim["fence"] + 1})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:touchline:problem:stale-fence")
    wrong = await rep.post(
        f"{path}/disposition", json={"fence": claim["fence"], "result_code": "moon"}
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["fix"] == "send one of: no-answer, interested"
    gone = await rep.post(f"/v1/claims/{uuid4()}/renew", json={"fence": 1})
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:touchline:problem:unknown-claim")


async def test_a_promised_call_is_taken_and_told_back(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead()
    claim = (await rep.post("/v1/queue/next")).json()["claim"]
    promised = (NOW + timedelta(days=1)).isoformat()
    body = {"fence": claim["fence"], "result_code": "interested"}
    path = f"/v1/claims/{claim['id']}/disposition"
    past = await rep.post(path, json=body | {"callback_at": NOW.isoformat()})
    (error,) = past.json()["errors"]
    assert (past.status_code, error["field"]) == (422, "body.callback_at")
    assert error["rule"] == "in-the-future"
    assert error["fix"].startswith("send a time after ")
    ended = await rep.post(path, json=body | {"callback_at": promised})
    assert datetime.fromisoformat(ended.json()["callback_at"]) == NOW + timedelta(days=1)


async def test_the_activity_shows_what_is_special_of_a_plan(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead(again="callback", attempt=2, kind="voicemail", for_rep="ana")
    given = (await rep.post("/v1/queue/next")).json()
    special = {"kind": "voicemail", "attempt": 2, "for_rep": "ana"}
    assert given["activity"] == given["activity"] | special
    assert given["why"]["words"].startswith("callback: the lead was promised a call; ")
    assert "; planned for you; " in given["why"]["words"]


async def test_the_activity_of_an_ordinary_plan_shows_nothing_special(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    await queue.lead()
    activity = (await rep.post("/v1/queue/next")).json()["activity"]
    assert not {"kind", "attempt", "for_rep"} & activity.keys()


async def test_the_description_shows_what_may_be_left_out(rep: httpx.AsyncClient) -> None:
    shapes = (await rep.get("/openapi.json")).json()["components"]["schemas"]
    assert shapes["Dispose"]["required"] == ["fence", "result_code"]
    moment = shapes["Dispose"]["properties"]["callback_at"]
    assert {"type": "string", "format": "date-time"}.items() <= moment["anyOf"][0].items()
    assert not {"kind", "attempt", "for_rep"} & set(shapes["Activity"]["required"])
    assert {"kind", "attempt", "for_rep"} <= shapes["Activity"]["properties"].keys()


async def test_the_description_tells_of_an_empty_queue(rep: httpx.AsyncClient) -> None:
    described = (await rep.get("/openapi.json")).json()["paths"]["/v1/queue/next"]["post"]
    assert "Retry-After" in described["responses"]["204"]["description"]
    assert "200" in described["responses"]


async def test_the_list_and_the_timeline_are_read_over_http(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    lead = await queue.lead()
    listed = (await rep.get("/v1/queue", params={"channel": "call", "limit": 1})).json()
    assert listed["leads"][0]["lead_id"] == str(lead.id)
    told = (await rep.get(f"/v1/leads/{lead.id}/timeline")).json()
    assert [one["type"] for one in told["entries"]] == ["cadence-entered", "touch-planned"]
    picked = await rep.post(f"/v1/leads/{lead.id}/claim")
    assert picked.json()["type"] == "urn:touchline:problem:picking-not-allowed"


async def test_what_is_read_again_unchanged_is_not_sent_again(
    queue: Queue, rep: httpx.AsyncClient
) -> None:
    lead = await queue.lead()
    paths = ("/v1/queue", f"/v1/leads/{lead.id}/explain", f"/v1/leads/{lead.id}/timeline")
    for path in paths:
        first = await rep.get(path)
        tag = first.headers["ETag"]
        assert "no-cache" in first.headers["Cache-Control"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await rep.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert (await rep.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
    tags = [(await rep.get(path)).headers["ETag"] for path in paths]
    await rep.post("/v1/queue/next")
    for path, tag in zip(paths, tags, strict=True):
        assert (await rep.get(path, headers={"If-None-Match": tag})).status_code == 200
