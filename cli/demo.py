"""`touchline demo`: the whole system at work for about a minute, and then the books."""

import asyncio
import os
import shutil
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from cli import live
from cli.lag import lag
from deploy.local.deployment import deployed
from deploy.local.stack import Stack
from simulator.cast import simulated
from simulator.run import Run, Script

FOLDER = Path(".touchline/demo")
PLAYBOOK = Path("playbooks/seed-9-in-18.yaml")
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
    shutil.rmtree(FOLDER, ignore_errors=True)
    script = Script(seed=seed, leads=leads, leads_per_second=3.0, seconds_per_touch=0.8)
    console.print("Starting broker, database and the four services …")
    with deployed(FOLDER, os.environ) as stack:
        stack.publish(PLAYBOOK)
        stack.await_ready()
        console.print("All four are ready; leads are coming in.")
        started = time.monotonic()
        run = asyncio.run(_play(stack, script, console))
        live.summarise(console, run, time.monotonic() - started)
    raise typer.Exit(0 if run.reconciliation().holds else 1)


async def _play(stack: Stack, script: Script, console: Console) -> Run:
    async with simulated(stack.deployment(), script) as simulation:
        show = asyncio.create_task(_show(simulation.run, stack, console))
        try:
            return await simulation.play()
        finally:
            show.cancel()
            await asyncio.gather(show, return_exceptions=True)


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
        if run.tally.handoffs and not handed_off:
            handed_off = True
            console.print("first handoff is on the CRM topic")
        for one in list(run.worked)[told:]:
            console.print(live.line(one), highlight=False)
            told += 1
        await asyncio.sleep(1 / SCREENS_PER_SECOND)
