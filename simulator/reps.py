"""Reps at work, through the public queue API only."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

OUTCOMES = {
    "NOANSWER": 35,
    "VOICEMAIL": 20,
    "SPOKE": 10,
    "QUALIFIED": 18,
    "MEETING": 6,
    "NOTNOW": 8,
    "STOP": 3,
}
"""Weights for the demo's show, not a finding about real reps."""


@dataclass(frozen=True, slots=True)
class Worked:
    """One touch as the rep made it: what the queue gave, and how it ended."""

    rep_id: str
    claim: dict[str, Any]
    result_code: str


class Rep:
    """Asks for the next lead, works it for `seconds`, and ends it with a result code on offer."""

    def __init__(
        self, http: httpx.AsyncClient, rep_id: str, key: str, seed: int, seconds: float
    ) -> None:
        self._http = http
        self._rep_id = rep_id
        self._headers = {"Authorization": f"Bearer {key}"}
        self._chance = random.Random(f"{seed}/{rep_id}")
        self._seconds = seconds

    async def work(self, tell: Callable[[Worked], None], over: asyncio.Event) -> None:
        """Works until it is over, and ends the touch in hand; an empty queue or a service away is
        waited for."""
        while not over.is_set():
            try:
                worked = await self._touch()
            except httpx.TransportError:
                worked = None
            if worked is None:
                await asyncio.sleep(0.2)
            else:
                tell(worked)

    async def _touch(self) -> Worked | None:
        answer = await self._http.post("/v1/queue/next", headers=self._headers)
        if answer.status_code != httpx.codes.OK:
            return None
        given = answer.json()
        await asyncio.sleep(self._seconds)
        claim, code = given["claim"], self._outcome(given["activity"]["result_codes"])
        answer = await self._http.post(
            f"/v1/claims/{claim['id']}/disposition",
            json={"fence": claim["fence"], "result_code": code},
            headers=self._headers,
        )
        return Worked(self._rep_id, given, code) if answer.is_success else None

    def _outcome(self, offered: list[str]) -> str:
        weights = [OUTCOMES.get(code, 0) for code in offered]
        return self._chance.choices(offered, weights)[0]
