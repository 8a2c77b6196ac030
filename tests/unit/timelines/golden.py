"""What each shipped playbook does to a lead, as text that people can read and review.

`python -m tests.unit.timelines.golden` writes the files that are missing, and overwrites none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cli.templates import FOLDER as SHIPPED
from cli.timeline import lines
from engagement.cadence.timeline import entering, timeline
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.events.fact import Features

FOLDER = Path(__file__).parent / "golden"
FILES = tuple(sorted(SHIPPED.glob("*.yaml")))


@dataclass(frozen=True)
class Case:
    """A lead that enters at a moment that is hard on calendars."""

    title: str
    zone: str
    entered_at: datetime
    holidays: str | None = None


CASES = (
    Case("a Monday morning", "Etc/UTC", datetime(2026, 2, 2, 10, tzinfo=UTC)),
    Case(
        "a Friday afternoon, two days before the clocks go forward on 2026-03-29",
        "Europe/Berlin",
        datetime(2026, 3, 27, 15, tzinfo=UTC),
    ),
    Case(
        "the same, where Germany's holidays are kept: Easter is on 2026-04-03 and 2026-04-06",
        "Europe/Berlin",
        datetime(2026, 3, 27, 15, tzinfo=UTC),
        holidays="DE",
    ),
    Case(
        "a Friday evening, two days before the clocks go back on 2026-11-01",
        "America/New_York",
        datetime(2026, 10, 30, 23, tzinfo=UTC),
    ),
)


def read(file: Path) -> Playbook:
    """The playbook in this file."""
    return from_yaml(file.read_text(encoding="utf-8"), file.name)


def rendered(playbook: Playbook) -> str:
    """All its cadences in all cases."""
    return "\n".join(_sections(playbook))


def path(file: Path) -> Path:
    """Where the timeline of a shipped playbook is kept."""
    return FOLDER / f"{file.stem}.txt"


def _sections(playbook: Playbook) -> Iterator[str]:
    for cadence in playbook.cadences:
        for case in CASES:
            rules = _with_holidays(entering(playbook, cadence.name), case.holidays)
            features = Features(source="golden", time_zone=case.zone)
            plans = tuple(timeline(rules, features, case.entered_at))
            heading = f"{cadence.name}, {case.zone}: {case.title}"
            yield "\n".join([heading, *lines(plans, case.zone)]) + "\n"


def _with_holidays(playbook: Playbook, holidays: str | None) -> Playbook:
    if holidays is None:
        return playbook
    known = playbook.model_dump(mode="json", exclude_none=True)
    known["calendar"]["holidays"] = [holidays]
    return Playbook.model_validate(known)


if __name__ == "__main__":
    for file in FILES:
        if not path(file).exists():
            path(file).write_text(rendered(read(file)), encoding="utf-8")
