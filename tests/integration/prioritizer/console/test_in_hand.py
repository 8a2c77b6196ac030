"""What a rep has in hand on the console: every lead of several, and one that went elsewhere."""

import httpx

from tests.integration.prioritizer.console.desk import hidden
from tests.integration.prioritizer.limits import limited
from tests.integration.prioritizer.queue import ANA, Queue


async def test_each_lead_in_hand_is_shown_and_leads_to_the_others(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await limited(queue, open_claims_per_rep=2)
    await queue.lead()
    await queue.lead()
    await queue.given(ANA)
    page = (await ana.get("/")).text
    page = (await ana.post("/next", data=hidden(page, "/next"))).text
    assert 'action="/next"' not in page
    last, first = [one.claim for one in await queue.serving.in_hand(ANA)]
    for asked, shown, other in (("/", last, first), (f"/?claim={first.claim_id}", first, last)):
        page = (await ana.get(asked)).text
        assert hidden(page, "/done")["claim"] == str(shown.claim_id)
        assert f'href="/?claim={other.claim_id}"' in page
        assert f'href="/?claim={shown.claim_id}"' not in page
    assert hidden((await ana.get("/?claim=what")).text, "/done")["claim"] == str(last.claim_id)


async def test_a_lead_that_went_to_another_team_is_said_so_and_given_back(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    lead = await queue.lead()
    await queue.given(ANA)
    await queue.fold(lead.moved("enterprise"))
    answer = await ana.get("/")
    assert (answer.status_code, "another team's by now" in answer.text) == (200, True)
    back = hidden(answer.text, "/back") | {"reason": "not mine"}
    page = (await ana.post("/back", data=back)).text
    assert "You hold no lead." in page
    assert "another team's" not in page
