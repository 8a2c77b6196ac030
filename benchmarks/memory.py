"""Resident memory of each service, after a thousand leads went through.

Method: the peak resident set (VmHWM, from /proc) of each of the four processes, after the demo's
cast sent a thousand leads and worked them; so Linux only.
"""

import asyncio
import shutil
from pathlib import Path

import playbooks
from benchmarks.report import Report
from deploy.local.deployment import deployed
from deploy.local.settings import SERVICES
from deploy.local.stack import Stack
from simulator.cast import simulated
from simulator.run import Script

FOLDER = Path(".touchline/benchmarks/memory")
SCRIPT = Script(seed=2, leads=1000, leads_per_second=50.0, seconds_per_touch=0.01)


def main() -> Report:
    """Runs it; less than a minute."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with deployed(FOLDER, {}) as stack:
        stack.publish(playbooks.SEED)
        stack.await_ready()
        asyncio.run(_work(stack))
        figures = {f"{service} MiB": _peak_mib(stack.pid(service)) for service in SERVICES}
    return Report("memory", figures, "each < 150 MiB")


async def _work(stack: Stack) -> None:
    async with simulated(stack.deployment(), SCRIPT) as simulation:
        await simulation.play()


def _peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kib) / 1024
