"""The console: pages on the queue's own door, for people with a browser and a key."""

from fastapi import APIRouter

from services.prioritizer.api import none_due
from services.prioritizer.console.reads import Reads, add_reads
from services.prioritizer.console.session import Sessions
from services.prioritizer.console.writes import add_writes
from services.prioritizer.desk import Desk
from services.prioritizer.holding import Holding
from services.prioritizer.listing import Lists
from services.prioritizer.once import Once
from services.prioritizer.serving import Serving
from services.prioritizer.timeline import Timelines


def router(
    serving: Serving, holding: Holding, timelines: Timelines, lists: Lists, sessions: Sessions
) -> APIRouter:
    """The console's routes, which the description of the API leaves out."""
    routes = APIRouter(include_in_schema=False)
    once = Once(holding.pool, holding.vault, none_due)
    playbooks = serving.playbooks
    add_reads(routes, Reads(serving, timelines, lists, playbooks), sessions)
    add_writes(routes, Desk(serving, holding), once, playbooks, sessions)
    return routes
