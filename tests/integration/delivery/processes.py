"""Worker processes of a toy service: started, stopped, killed and frozen by their tests."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.integration.delivery.world import World

ROOT = Path(__file__).parents[3]
Process = asyncio.subprocess.Process


class Crew:
    """A world's worker processes.

    `part` is what they run: the fold or the relay. With `groups`, each is a consumer group of its
    own: a successor then waits for nobody's session to time out, and all own every partition.
    """

    def __init__(self, world: World, part: str, groups: bool) -> None:
        self._given = json.dumps(
            {
                "part": part,
                "groups": groups,
                "schema": world.schema,
                "bootstrap": world.bootstrap,
                "database_url": world.database_url,
                "topic": world.topic.name,
                "output": world.output.name,
                "partitions": world.topic.partitions,
                "ours": world.topic.ours,
            }
        )
        self._processes: list[Process] = []

    async def join(self) -> Process:
        """Start another worker."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.integration.delivery.worker", self._given, cwd=ROOT
        )
        self._processes.append(process)
        return process

    async def leave(self, process: Process) -> int:
        """SIGTERM; the exit code."""
        process.send_signal(signal.SIGTERM)
        return await process.wait()

    async def end(self) -> None:
        """Kill all that still run."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def crew(world: World, part: str = "fold", groups: bool = False) -> AsyncIterator[Crew]:
    """No process outlives its test."""
    workers = Crew(world, part, groups)
    try:
        yield workers
    finally:
        await workers.end()
