"""The console without a browser: sessions, forms, and what its pages may load."""

import re

import httpx
import pytest

from engagement.playbook import Playbook
from services.prioritizer.console.session import COOKIE
from tests.integration.prioritizer.console.desk import KEY, app, browser_of, hidden
from tests.integration.prioritizer.decisions import Lead
from tests.integration.prioritizer.queue import Queue


async def test_a_key_opens_a_session_that_scripts_and_other_sites_cannot_use(
    queue: Queue,
) -> None:
    async with browser_of(app(queue)) as client:
        assert str((await client.get("/")).url).endswith("/login")
        wrong = await client.post("/login", data={"key": "no key"})
        assert (wrong.status_code, COOKIE in client.cookies) == (401, False)
        answer = await client.post("/login", data={"key": KEY}, follow_redirects=False)
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Max-Age=43200" in cookie
        assert KEY not in cookie


async def test_a_session_ends_with_sign_out_with_its_key_and_when_it_is_forged(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    async with browser_of(app(queue, key="another key")) as later:
        later.cookies = ana.cookies
        assert str((await later.get("/")).url).endswith("/login")
    session = ana.cookies[COOKIE]
    await ana.post("/logout")
    assert str((await ana.get("/")).url).endswith("/login")
    ana.cookies.set(COOKIE, ("A" if session[0] != "A" else "B") + session[1:])
    assert str((await ana.get("/")).url).endswith("/login")


@pytest.mark.parametrize(
    "form", ["/done", "/back", "/stay", "/pick", "/next", "/presence", "/logout"]
)
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "http://x"}]
)
async def test_a_form_of_another_site_does_nothing(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook, form: str, headers: dict[str, str]
) -> None:
    await queue.teach(seed, picking=True)
    lead = await queue.lead()
    sent = {"lead": str(lead.id)}
    if form in {"/done", "/back", "/stay"}:
        sent |= hidden((await ana.post("/next", data={"key": "k"})).text, "/done")
        sent |= {"key": "", "result": "interested", "reason": "no time"}
    before = await queue.rows("select * from prioritizer.claims")
    await ana.post(form, data=sent, headers=headers)
    assert await queue.rows("select * from prioritizer.claims") == before
    assert str((await ana.get("/")).url).endswith("/")


async def test_pages_load_nothing_foreign_and_are_not_kept(ana: httpx.AsyncClient) -> None:
    for path in ("/", "/lists", "/board", "/console/console.js", "/console/console.css"):
        answer = await ana.get(path)
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "://" not in re.sub(r"https?://127.0.0.1", "", answer.text)


async def test_a_rep_works_a_lead_and_a_repeated_form_changes_nothing(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead()
    asked = hidden((await ana.get("/")).text, "/next")
    page = (await ana.post("/next", data=asked)).text
    assert "Ada" in page
    assert "mailto:ada@example.com" in page
    form = hidden(page, "/done") | {"result": "interested", "note": "<b>likes it</b>"}
    for _ in range(2):
        assert "You hold no lead" in (await ana.post("/done", data=form)).text
    types = [event.data.type for event in await queue.told()]
    assert types == ["lead-claimed", "touch-logged", "claim-disposed"]


async def test_a_rep_clocks_in_pauses_and_leaves(queue: Queue, ana: httpx.AsyncClient) -> None:
    await queue.lead()
    asked = hidden((await ana.get("/")).text, "/presence")
    assert "You pause" in (await ana.post("/presence", data=asked | {"state": "paused"})).text
    refused = await ana.post("/next", data={"key": "k"})
    assert "Clock in to go on" in refused.text
    assert "ana: paused" in (await ana.get("/board")).text
    page = (await ana.post("/presence", data={"key": "in", "state": "clocked-in"})).text
    assert "You are clocked in" in page
    assert "Ada" in (await ana.post("/next", data={"key": "l"})).text
    page = (await ana.post("/presence", data={"key": "out", "state": "left"})).text
    assert "You are not clocked in" in page
    assert "You hold no lead" in page
    assert "Clock in first" in (await ana.post("/presence", data={"state": "asleep"})).text


async def test_what_sources_wrote_is_text_and_never_markup(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead(activity="<script>alert(1)</script>")
    page = (await ana.post("/next", data={"key": "k"})).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


async def test_a_lead_is_given_back_with_a_reason(queue: Queue, ana: httpx.AsyncClient) -> None:
    await queue.lead()
    form = hidden((await ana.post("/next", data={"key": "k"})).text, "/back")
    assert "Say why you give the lead back" in (await ana.post("/back", data=form)).text
    await ana.post("/back", data=form | {"reason": "speaks Greek"})
    assert (await queue.told())[-1].data.reason == "speaks Greek"


async def test_an_empty_queue_and_a_lost_lease_are_told_in_words(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    assert "No lead is due now" in (await ana.post("/next", data={"key": "a"})).text
    await queue.lead()
    form = hidden((await ana.post("/next", data={"key": "b"})).text, "/back")
    await queue.execute("update prioritizer.claims set leased_until = now()")
    lost = await ana.post("/back", data=form | {"reason": "no time"})
    assert "The lease ran out" in lost.text


async def test_a_lead_is_taken_from_the_list_where_the_playbook_says_so(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    await queue.lead()
    assert 'action="/pick"' not in (await ana.get("/lists")).text
    await queue.teach(seed, picking=True)
    form = hidden((await ana.get("/lists")).text, "/pick")
    assert "Ada" in (await ana.post("/pick", data=form)).text
    assert (await queue.told())[0].data.explanation.picked is True


async def test_the_lists_are_filtered_and_forget_filters_that_are_none(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead(channel="email")
    assert "No lead here" in (await ana.get("/lists?channel=call&step=&overdue=")).text
    assert "Ada" in (await ana.get("/lists?channel=email&overdue=true")).text
    assert "no such filter" in (await ana.get("/lists?channel=pigeon")).text


async def test_a_lists_cadence_is_chosen_among_those_of_the_playbooks(
    queue: Queue, ana: httpx.AsyncClient, seed: Playbook
) -> None:
    """Those of the last publication come first, and no name comes twice."""
    await queue.lead()
    assert choices((await ana.get("/lists")).text) == []
    (seeds,) = seed.model_dump()["cadences"]
    await queue.teach(seed, cadences=[seeds | {"name": "old"}, seeds])
    assert choices((await ana.get("/lists")).text) == [("", "old"), ("", seeds["name"])]

    new = seed.model_dump() | {"cadences": [seeds, seeds | {"name": "nine-touches"}]}
    known = "insert into prioritizer.playbooks values (%s, %s, now())"
    await queue.execute(known, "1" * 64, Playbook.model_validate(new).content)

    listed = (await ana.get("/lists?cadence=nine-touches")).text
    assert choices(listed) == [("", seeds["name"]), (" selected", "nine-touches"), ("", "old")]
    assert "Ada" in listed
    assert "No lead here" in (await ana.get("/lists?cadence=old")).text


def choices(page: str) -> list[tuple[str, str]]:
    """The cadences that the page lets a rep choose from, and which one is chosen."""
    field = page.split('<select name="cadence">')[1].split("</select>", maxsplit=1)[0]
    return re.findall(r"<option( selected)?>([^<]+)<", field)


async def test_what_tools_make_is_listed_with_no_tier(
    queue: Queue, ana: httpx.AsyncClient
) -> None:
    await queue.lead(kind="automated", channel="email", template="hello")
    page = (await ana.get("/lists?state=automated")).text
    assert "the touch is automated" in page
    assert "None" not in page


async def test_a_leads_page_is_for_its_own_team(queue: Queue, ana: httpx.AsyncClient) -> None:
    own, other = await queue.lead(), await queue.lead(team="enterprise")
    assert "step 1 of 9 planned" in (await ana.get(f"/leads/{own.id}")).text
    for lead_id in (other.id, Lead().id):
        assert (await ana.get(f"/leads/{lead_id}")).status_code == 404
