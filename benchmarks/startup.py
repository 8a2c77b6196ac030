"""How long a playbook of 1,000 cadences takes from its text to the first decision, on one core.

Method: the seed's nine touches under 1,000 names, as the content that a partition's log holds, are
read and checked as the fold reads it, and then a lead enters the last of them. Each of five rounds
is a process of its own, as nothing that was read once is read again; the imports, which every
service pays whatever its playbook says, are told apart. The median counts.

    python -m benchmarks startup
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.report import Report

CADENCES = 1_000
ROUNDS = 5
PLAYBOOK = Path(__file__).parents[1] / "playbooks" / "seed-9-in-18.yaml"


def main() -> Report:
    """The figures, in seconds of one core."""
    command = [sys.executable, "-m", "benchmarks.startup"]
    rounds = [
        json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        for _ in range(ROUNDS)
    ]
    figures = {name: median(one[name] for one in rounds) for name in rounds[0]}
    return Report("startup", figures, "under 1 s with 1,000 cadences")


def _round() -> dict[str, float]:
    began = process_time()
    from benchmarks import startup_round  # noqa: PLC0415  its imports are what is timed

    imported = process_time() - began
    content = startup_round.content(PLAYBOOK, CADENCES)
    began = process_time()
    startup_round.first_decision(content)
    return {
        "cadences": CADENCES,
        "seconds_to_first_decision": process_time() - began,
        "besides seconds_to_import": imported,
        "content_bytes": len(content),
    }


if __name__ == "__main__":
    print(json.dumps(_round()))
