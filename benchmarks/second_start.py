"""How long broker and database take to start again, when everything was downloaded before.

Method: an embedded broker and an embedded database are started in an empty folder and stopped;
then the clock runs from the call that starts them again until both answer. Nothing is fetched, as
the jars are there and are only checked. The median of five.
"""

import shutil
import time
from pathlib import Path
from statistics import median

from benchmarks.report import Report
from deploy.local import servers
from deploy.local.deployment import JARS

FOLDER = Path(".touchline/benchmarks/second-start")
STARTS = 5


def main() -> Report:
    """Runs it; less than a minute."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    servers.up(FOLDER, jar_cache=JARS)
    servers.down(FOLDER)
    return Report("second_start", {"seconds": median(map(_seconds, range(STARTS)))}, "< 6 s")


def _seconds(_: int) -> float:
    try:
        started = time.monotonic()
        servers.up(FOLDER, jar_cache=JARS)
        return time.monotonic() - started
    finally:
        servers.down(FOLDER)
