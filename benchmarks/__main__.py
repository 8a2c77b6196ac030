"""`make bench`: every benchmark, as one table, and as JSON under benchmarks/results.

`python -m benchmarks queue_latency memory` runs those alone.
"""

import importlib
import sys

from benchmarks.report import Report, show

ALL = (
    "codec",
    "calendar",
    "decider",
    "startup",
    "fold_runner",
    "cadence_worker",
    "ingest",
    "queue",
    "queue_latency",
    "memory",
    "second_start",
)
"""`first_handoff` is run by its name alone: it fetches hundreds of megabytes."""


def main(names: tuple[str, ...]) -> None:
    """Runs the named ones in turn; each has the machine for itself."""
    reports: list[Report] = []
    for name in names:
        print(f"{name} …", file=sys.stderr)
        report: Report = importlib.import_module(f"benchmarks.{name}").main()
        report.write()
        reports.append(report)
    show(reports)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or ALL)
