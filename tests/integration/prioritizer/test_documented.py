"""What docs/queue.md tells a rep's client to send is answered as it says."""

import httpx

from tests.documented import Call, calls
from tests.integration.prioritizer.conftest import KEY
from tests.integration.prioritizer.queue import Queue
from tests.unit.docs.pages import ROOT

PAGE = ROOT / "docs" / "queue.md"


async def test_its_commands_work_a_lead(queue: Queue, rep: httpx.AsyncClient) -> None:
    await queue.lead(result_codes=("VOICEMAIL",))
    given = (await sent(rep, calls(PAGE, KEY=KEY)[0])).json()

    disposed = await sent(rep, calls(PAGE, KEY=KEY, CLAIM=given["claim"]["id"])[1])

    assert given.keys() == {"claim", "lead", "activity", "why", "withdrawn"}
    assert (disposed.status_code, disposed.json()["outcome"]) == (200, "VOICEMAIL")


async def sent(client: httpx.AsyncClient, call: Call) -> httpx.Response:
    return await client.request(call.method, call.path, headers=call.headers, content=call.content)
