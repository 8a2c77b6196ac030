"""POST /v1/enrolment-moves on a real database: operators move enrolments, each once."""

import orjson
import pytest

from schemas.events.lead import EnrolmentMoved
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK, SOURCE_KEY, Ingest

MOVE = {
    "lead_id": "35c5c2df-5bd1-596b-bd88-efbdf83d4963",
    "enrolment_id": "64ad9794-812e-5862-85de-b9263435cc8a",
    "playbook_digest": PLAYBOOK.digest,
    "cadence": "nine-in-eighteen",
    "features": {"source": "shopify", "consent": {"sms": "denied"}},
}


async def test_a_move_is_a_fact_about_its_lead(ingest: Ingest) -> None:
    answer = await ingest.moves(orjson.dumps([MOVE, MOVE | {"cadence": "other"}]))

    moved, other = [fact.data for fact in await ingest.facts()]
    assert answer.status_code == 202
    assert [one["lead_id"] for one in answer.json()["moves"]] == [MOVE["lead_id"]] * 2
    assert isinstance(moved, EnrolmentMoved)
    assert str(moved.enrolment_id) == MOVE["enrolment_id"]
    assert moved.features.consent.sms == "denied"
    assert moved.occurred_at == moved.recorded_at
    assert other.cadence == "other"


async def test_a_repetition_makes_no_second_fact_and_a_rival_is_refused(ingest: Ingest) -> None:
    answers = [await ingest.moves(orjson.dumps(MOVE)) for _ in range(2)]
    rival = await ingest.moves(orjson.dumps(MOVE | {"cadence": "other"}))

    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert (rival.status_code, rival.json()["type"][-11:]) == (409, "id-conflict")
    assert len(await ingest.facts()) == 1


@pytest.mark.parametrize(
    ("move", "field"),
    [
        (MOVE | {"playbook_digest": "0" * 64}, "[1].playbook_digest"),
        (MOVE | {"enrolment_id": "x"}, "[1].enrolment_id"),
        (MOVE | {"step": 3}, "[1].step"),
    ],
)
async def test_a_wrong_move_of_a_list_takes_none_in(
    ingest: Ingest, move: dict[str, object], field: str
) -> None:
    answer = await ingest.moves(orjson.dumps([MOVE, move]))

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    (aside,) = await ingest.quarantined()
    assert aside.headers["quarantine_door"] == "/v1/enrolment-moves"
    assert await ingest.facts() == []


async def test_only_an_operator_moves_enrolments(ingest: Ingest) -> None:
    answer = await ingest.moves(orjson.dumps(MOVE), by=SOURCE_KEY)

    assert answer.status_code == 401
    assert await ingest.untouched()


async def test_nobody_is_moved_before_the_first_playbook(fresh: Ingest) -> None:
    assert (await fresh.moves(orjson.dumps(MOVE), by=OPERATOR_KEY)).status_code == 503
