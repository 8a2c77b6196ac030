"""How PostgreSQL will carry out a statement, said shortly: what is read, by which index."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import AsyncConnection

PARAMETER = re.compile(r"%\((\w+)\)s")


async def plan(conn: AsyncConnection, sql: str, types: Mapping[str, str]) -> str:
    """The one plan for all parameters, a line a step, indented below the step that asks for it.

    `types` are those of the statement's named parameters. Whether rows are kept in memory for
    another look is left out: it comes and goes with their number.
    """
    numbers = {name: f"${n}" for n, name in enumerate(types, 1)}
    numbered = PARAMETER.sub(lambda found: numbers[found[1]], sql).replace("%%", "%")
    await conn.execute(f"prepare asked ({', '.join(types.values())}) as {numbered}".encode())
    nothing = ", ".join("null" for _ in types)
    cursor = await conn.execute(f"explain (format json) execute asked ({nothing})".encode())
    row = await cursor.fetchone()
    await conn.execute("deallocate asked")
    assert row is not None
    return "\n".join(_lines(row[0][0]["Plan"], 0)) + "\n"


def _lines(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    if node["Node Type"] == "Materialize":
        yield from _lines(node["Plans"][0], depth)
        return
    named = node.get("Subplan Name", "")
    what = node.get("Index Name") or node.get("CTE Name") or node.get("Relation Name", "")
    words = (f"{named}:" if named.startswith("CTE ") else "", node["Node Type"], what)
    yield "  " * depth + " ".join(filter(None, words))
    for below in node.get("Plans", ()):
        yield from _lines(below, depth + 1)
