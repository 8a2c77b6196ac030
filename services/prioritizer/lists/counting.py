"""What a team's queue is counted by, for the board and for the numbers. It names nobody."""

from datetime import datetime
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.rows import class_row
from pydantic import AwareDatetime

from schemas.events.fact import Frozen

T = TypeVar("T", bound=Frozen)


class Depth(Frozen):
    """A tier's leads that anybody may be given, by the minutes since their touch opened."""

    tier: str
    leads: int
    since: datetime
    within_5: int
    within_15: int
    within_30: int
    within_60: int
    later: int


class KeptBackBy(Frozen):
    """How many leads a rule keeps back, and when the first returns; none: not by the clock."""

    rule: str
    leads: int
    returns_at: AwareDatetime | None


async def rows(conn: AsyncConnection, kind: type[T], sql: str, team: str) -> list[T]:
    """What a statement says of the team, asked by nobody in particular."""
    asked: dict[str, Any] = {"team": team, "rep_id": None}
    async with conn.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(sql.encode(), asked)
        return await cursor.fetchall()
