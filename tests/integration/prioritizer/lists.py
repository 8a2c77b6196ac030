"""Pages of the queue's lists, as a colleague of the team is shown them."""

from typing import Any
from uuid import UUID

from services.prioritizer.lists.listed import Page, Wanted
from services.prioritizer.lists.listing import Lists
from services.prioritizer.table.playbooks import Playbooks
from services.runtime.access.roles import Caller
from tests.integration.prioritizer.decisions import TEAM
from tests.integration.prioritizer.queue import Queue

COLLEAGUE = Caller("ben", frozenset({"rep"}), TEAM)
MANAGER = Caller("mia", frozenset({"manager"}), TEAM)


async def page(
    queue: Queue,
    most: int = 50,
    cursor: str | None = None,
    *,
    caller: Caller = COLLEAGUE,
    **wanted: Any,
) -> Page:
    """A page of the list that is wanted."""
    lists = Lists(queue.pool, queue.vault, Playbooks())
    return await lists.page(caller, Wanted(**wanted), cursor, most)


def ids(found: Page) -> list[UUID]:
    """Who stands on it, in its order."""
    return [one.lead_id for one in found.leads]
