"""`touchline demo`: the whole system at work for about a minute, and then the books."""

import asyncio
import os
import secrets
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

import playbooks
from cli import live
from cli.lag import lag
from deploy.local import ending
from deploy.local.deployment import HOME, deployed_anew, refuse_dead
from deploy.local.progress import on_stderr
from deploy.local.stack import Stack
from simulator.cast import simulated
from simulator.run import Run, Script

FOLDER = HOME / "demo"
SCREENS_PER_SECOND = 4


def demo(
    leads: Annotated[int, typer.Option(help="How many leads come in.")] = 120,
    seed: Annotated[int, typer.Option(help="The same seed sends the same people.")] = 7,
) -> None:
    """Show leads going from webhooks and Kafka to a rep, and on to the CRM topic.

    Everything runs on this machine, in a folder of its own, and is stopped at the end.

    Example: touchline demo --leads 60
    """
    console = Console(soft_wrap=True)
    script = Script(seed, leads, 3.0, 0.8, salt=secrets.token_hex(4))
    console.print("Starting broker, database and the four services …")
    with deployed_anew(FOLDER, os.environ, on_stderr()) as stack:
        stack.publish(playbooks.SEED)
        stack.await_ready()
        console.print("All four are ready; leads are coming in.")
        started = time.monotonic()
        run = ending.run(_play(stack, script, console))
        live.summarise(console, run, time.monotonic() - started)
    raise typer.Exit(0 if run.reconciliation().holds else 1)


async def _play(stack: Stack, script: Script, console: Console) -> Run:
    async with simulated(stack.deployment(), script) as simulation:
        show = asyncio.create_task(_show(simulation.run, stack, console))
        play = asyncio.create_task(simulation.play())
        dead = asyncio.create_task(_server_dies())
        try:
            for done in (await asyncio.wait([play, dead], return_when="FIRST_COMPLETED"))[0]:
                done.result()
            return await play
        finally:
            for task in (show, play, dead):
                task.cancel()
            await asyncio.gather(show, play, dead, return_exceptions=True)


async def _server_dies() -> None:
    """Raises once an embedded server has ended by itself: senders would try again for ever."""
    while True:
        await asyncio.to_thread(refuse_dead, FOLDER, os.environ)
        await asyncio.sleep(1)


async def _show(run: Run, stack: Stack, console: Console) -> None:
    """A live view on a terminal; elsewhere a line for each touch."""
    if not console.is_terminal:
        await _lines(run, console)
        return
    with Live(console=console, refresh_per_second=SCREENS_PER_SECOND) as screen:
        while True:
            screen.update(live.view(run, await lag(stack)))
            await asyncio.sleep(1 / SCREENS_PER_SECOND)


async def _lines(run: Run, console: Console) -> None:
    told, handed_off = 0, False
    while True:
        if run.tally.own().handoffs and not handed_off:
            handed_off = True
            console.print("first handoff is on the CRM topic")
        for one in list(run.worked)[told:]:
            console.print(live.line(one), highlight=False)
            told += 1
        await asyncio.sleep(1 / SCREENS_PER_SECOND)
