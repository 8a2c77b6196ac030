"""What goes wrong is told on a page, in words, with the way on, and with nothing lost."""

import httpx
import pytest

from engagement.playbook import Playbook
from tests.integration.prioritizer.console.desk import ANALYST, app, browser_of, hidden
from tests.integration.prioritizer.limits import limited
from tests.integration.prioritizer.queue import Queue


async def test_whoever_has_no_team_is_told_so_and_may_sign_out(queue: Queue) -> None:
    async with browser_of(app(queue)) as alan:
        for answer in (
            await alan.post("/login", data={"key": ANALYST}),
            await alan.get("/lists"),
            await alan.get("/login"),
        ):
            assert answer.status_code == 403
            assert "Use the API, or sign in with another key" in answer.text
            assert 'action="/logout"' in answer.text
        assert str((await alan.post("/logout")).url).endswith("/login")


async def test_a_lead_that_is_none_is_told_on_a_page(ana: httpx.AsyncClient) -> None:
    answer = await ana.get("/leads/not-a-uuid")
    assert answer.status_code == 404
    assert "Your team has no such lead" in answer.text


async def test_a_list_that_is_asked_to_go_on_from_nowhere_says_so(ana: httpx.AsyncClient) -> None:
    answer = await ana.get("/lists?cursor=nowhere")
    assert answer.status_code == 422
    assert "does not know the place" in answer.text


@pytest.mark.parametrize("asked", ["tier=%00", "cadence=%00", "step=3000000000"])
async def test_a_list_of_what_cannot_be_is_refused(ana: httpx.AsyncClient, asked: str) -> None:
    assert (await ana.get(f"/lists?{asked}")).status_code == 422


@pytest.mark.parametrize("path", ["/", "/lists", "/board"])
async def test_a_page_without_the_database_says_so_and_how_to_try_again(
    queue: Queue, ana: httpx.AsyncClient, path: str
) -> None:
    await queue.pool.close()
    answer = await ana.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "The database does not answer" in answer.text
    assert "Try again" in answer.text


async def test_a_form_without_the_database_is_done_once_when_it_is_sent_again(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead()
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    sent = form | {"result": "interested", "note": "likes it"}
    await queue.pool.close()
    answer = await ana.post("/done", data=sent)
    assert (answer.status_code, "is done once" in answer.text) == (503, True)


async def test_a_renewal_says_in_words_that_the_lease_is_lost(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead()
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
    before = (await queue.rows("select leased_until from prioritizer.claims"))[0]
    for _ in range(2):
        assert (await ana.post("/stay", data=form)).status_code == 200
    after = (await queue.rows("select leased_until from prioritizer.claims"))[0]
    assert after["leased_until"] > before["leased_until"]
    await queue.execute("update prioritizer.claims set leased_until = now()")
    lost = await ana.post("/stay", data=form)
    assert (lost.status_code, lost.is_redirect) == (409, False)
    assert "The lease ran out" in lost.text
    await ana.post("/logout")
    ended = await ana.post("/stay", data=form)
    assert (ended.status_code, "Sign in again" in ended.text) == (401, True)


async def test_the_lists_open_where_a_rep_has_as_many_leads_as_a_rep_may(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await limited(queue, own_leads_per_rep=1)
    await queue.lead(for_rep="ana", attempts=1)
    await queue.lead()
    page = await ana.get("/lists")
    assert page.status_code == 200
    assert "as many leads of its own as a rep may" in page.text


async def test_the_script_and_the_reason_stand_beside_the_activity(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    (cadence,) = seed.model_dump()["cadences"]
    first = cadence["steps"][0] | {"script": "Hello {first_name} of {company}, <b>why</b> now?"}
    steps = [first, *cadence["steps"][1:]]
    cadence |= {"name": "nine-touches", "steps": steps}
    await queue.teach(seed, cadences=[cadence], entry=[{"cadence": "nine-touches"}])
    await queue.lead()
    page = (await ana.post("/next", data={"key": "k"})).text
    assert "Urgent. new: nobody has touched this lead since it came in" in page
    assert "Hello Ada of (company), &lt;b&gt;why&lt;/b&gt; now?" in page
