"""`make bench`: every benchmark, as one table, and as JSON under benchmarks/results.

`python -m benchmarks queue_latency memory` runs those alone. Beside each stands how quick the
machine was just before: shared machines differ by a factor of two from hour to hour, and only
figures of the same hour can be compared.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import process_time

from benchmarks.report import Report, show

TURNS = 1_000_000

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
BY_NAME = ("first_handoff",)
"""Run by its name alone: it fetches hundreds of megabytes."""


def main(names: Sequence[str]) -> None:
    """Runs the named ones in turn; each has the machine for itself."""
    reports: list[Report] = []
    for name in names:
        print(f"{name} …", file=sys.stderr)
        machine = {"machine: ms a million turns": min(_turns() for _ in range(3))}
        report: Report = importlib.import_module(f"benchmarks.{name}").main()
        report = replace(report, figures={**report.figures, **machine})
        report.write()
        reports.append(report)
    show(reports)


def _turns() -> float:
    """Milliseconds of one core for a loop of pure Python."""
    began, total = process_time(), 0
    for turn in range(TURNS):
        total += turn * turn % 7
    return (process_time() - began) * 1000


def _wanted() -> Sequence[str]:
    """Those named on the command line, else all; a name that is none ends with the list."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure, and write results as JSON and a table.",
        epilog="Example: python -m benchmarks queue_latency memory",
    )
    parser.add_argument("name", nargs="*", help=f"one of: {', '.join((*ALL, *BY_NAME))}")
    names: list[str] = parser.parse_args().name
    if unknown := set(names) - {*ALL, *BY_NAME}:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; --help lists them")
    return names or ALL


if __name__ == "__main__":
    main(_wanted())
