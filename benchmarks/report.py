"""What every benchmark hands in: its figures, and how they came about."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one benchmark, by a name that carries the unit; `aim` says what is wanted."""

    name: str
    figures: Mapping[str, float]
    aim: str

    def write(self) -> None:
        """Keeps the figures as JSON, beside those of the other benchmarks."""
        RESULTS.mkdir(exist_ok=True)
        machine = {"cores": os.cpu_count(), "python": platform.python_version()}
        content = {"figures": dict(self.figures), "aim": self.aim, "machine": machine}
        (RESULTS / f"{self.name}.json").write_text(json.dumps(content, indent=2) + "\n")


def show(reports: Sequence[Report]) -> None:
    """Prints all of them as one table."""
    table = Table("benchmark", "figure", "value", "aim")
    for report in reports:
        for n, (figure, value) in enumerate(report.figures.items()):
            first = n == 0
            table.add_row(
                report.name if first else "", figure, f"{value:,.1f}", report.aim if first else ""
            )
    Console().print(table)


def percentiles(samples: Sequence[float]) -> dict[str, float]:
    """p50, p95 and p99, by the nearest rank."""
    ordered = sorted(samples)
    return {
        f"p{share}": ordered[max(0, -(-len(ordered) * share // 100) - 1)] for share in (50, 95, 99)
    }
