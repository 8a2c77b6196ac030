"""The console: pages on the queue's own door, for people with a browser and a key."""

from fastapi import APIRouter

from services.prioritizer.changes import Changes
from services.prioritizer.claims.desk import Desk
from services.prioritizer.console.login import add_login
from services.prioritizer.console.reads import Reads
from services.prioritizer.console.session import Sessions
from services.prioritizer.console.showing import add_pages
from services.prioritizer.console.watching import add_watching
from services.prioritizer.console.writes import add_writes
from services.prioritizer.lists.listing import Lists
from services.prioritizer.reading.timeline import Timelines
from services.prioritizer.settings import NAME
from services.runtime.doors.once import Once


def router(
    desk: Desk, timelines: Timelines, lists: Lists, changes: Changes, sessions: Sessions
) -> APIRouter:
    """The console's routes, which the description of the API leaves out."""
    routes = APIRouter(include_in_schema=False)
    once = Once(desk.holding.pool, NAME, desk.holding.vault)
    playbooks = desk.serving.playbooks
    add_login(routes, sessions)
    add_pages(routes, Reads(desk.serving, desk.presence, timelines, lists, playbooks), sessions)
    add_writes(routes, desk, once, sessions)
    add_watching(routes, changes, sessions)
    return routes
