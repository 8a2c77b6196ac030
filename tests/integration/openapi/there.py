"""What requests can be about, made in each door's database: else every answer would be a 404."""

from collections.abc import Mapping

import httpx

from tests.integration.handoff import desk
from tests.integration.ingest.harness import OPERATOR_KEY, PLAYBOOK
from tests.integration.openapi.doors import BASE, credential
from tests.integration.prioritizer import queue
from tests.integration.sender import post


async def made(name: str, client: httpx.AsyncClient, database: str) -> Mapping[str, object]:
    """Ids, and a fence, of what is there now behind the door."""
    match name:
        case "ingest":
            await _publish(client)
            return {}
        case "prioritizer":
            return await _claim(client, database)
        case "sender":
            return {"token": await _mailed(database)}
        case _:
            async with desk.opened(database) as handoffs:
                return {"handoff_id": str((await handoffs.handed_off()).handoff_id)}


async def _mailed(database: str) -> str:
    async with post.opened(database, port=25) as mails:
        asked = await mails.ask()
    return post.LINKS.link(asked.plan_id, asked.lead_id).rpartition("/")[2]


async def _publish(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {OPERATOR_KEY}"}
    answer = await client.put(f"{BASE}/v1/playbook", content=PLAYBOOK.content, headers=headers)
    answer.raise_for_status()


async def _claim(client: httpx.AsyncClient, database: str) -> Mapping[str, object]:
    async with queue.opened(database) as leads:
        await leads.lead()
    path = "/v1/queue/next"
    given = (await client.post(f"{BASE}{path}", headers=credential(path))).json()
    return {
        "claim_id": given["claim"]["id"],
        "fence": given["claim"]["fence"],
        "lead_id": given["lead"]["id"],
        "result_code": "interested",
    }
