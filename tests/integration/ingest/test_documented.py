"""What docs/doors.md tells callers to send is taken as it stands there."""

import orjson
import pytest

from schemas.events.lead import LeadCreated, ReplyReceived
from tests.documented import calls
from tests.integration.ingest.harness import OPERATOR_KEY, SOURCE_KEY, Ingest
from tests.unit.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "doors.md"
BODIES = [orjson.loads(block) for block in blocks(PAGE, "json") if "…" not in block]


async def test_its_commands_bring_in_a_lead_and_what_became_of_it(ingest: Ingest) -> None:
    shown = calls(PAGE, KEY=SOURCE_KEY)

    answers = [
        await ingest.client.request(
            call.method, call.path, headers=call.headers, content=call.content
        )
        for call in shown
    ]

    assert [call.path for call in shown] == ["/v1/leads", "/v1/events"]
    assert [answer.status_code for answer in answers] == [202, 202], answers[-1].text
    assert [type(fact.data) for fact in await ingest.facts()] == [LeadCreated, ReplyReceived]
    assert len({fact.data.lead_id for fact in await ingest.facts()}) == 1


@pytest.mark.parametrize("body", BODIES, ids=lambda body: next(iter(body)))
async def test_its_bodies_are_taken(ingest: Ingest, body: dict[str, str]) -> None:
    if "event" in body:
        answer = await ingest.events(orjson.dumps(body))
    else:
        answer = await ingest.client.post(
            "/v1/do-not-contact", json=body, headers={"authorization": f"Bearer {OPERATOR_KEY}"}
        )

    assert answer.is_success, answer.text
