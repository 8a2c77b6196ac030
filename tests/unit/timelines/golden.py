"""What each shipped playbook does to a lead, as text that people can read and review.

`python -m tests.unit.timelines.golden` writes the files that are missing, and overwrites none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cli.templates import FOLDER as SHIPPED
from cli.timeline import SIGNALS
from cli.timeline_told import Turn, lines
from engagement.cadence.timeline import course, entering
from engagement.playbook import Playbook
from engagement.playbook.reading import from_yaml
from schemas.events.fact import Features
from schemas.events.lead import Signal

FOLDER = Path(__file__).parent / "golden"
FILES = tuple(sorted(SHIPPED.glob("*.yaml")))


@dataclass(frozen=True)
class Case:
    """A lead that enters at a moment that is hard on calendars."""

    title: str
    zone: str
    entered_at: datetime
    holidays: str | None = None
    seen: tuple[Signal, ...] = ()
    place: tuple[str, str] | None = None
    """Country and region of a lead that tells no zone: `zone` is then how its times are told."""

    @property
    def features(self) -> Features:
        """What is known of the lead."""
        if self.place is None:
            return Features(source="golden", time_zone=self.zone)
        return Features(source="golden", country=self.place[0], region=self.place[1])


EASTER = Case(
    "the Thursday before Easter 2027, whose Sunday the clocks go forward, with its holidays",
    "Europe/Berlin",
    datetime(2027, 3, 25, 15, tzinfo=UTC),
    holidays="DE",
)
"""Both within five days, so that no cadence is too short to lie across them."""

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
    EASTER,
    Case(
        "a Sunday night in California, of a lead that tells where it is and no zone",
        "America/Los_Angeles",
        datetime(2026, 3, 2, 6, tzinfo=UTC),
        place=("US", "CA"),
    ),
)

CONDITIONAL = Case(
    "a Monday morning, of a lead that opens, clicks and accepts whatever it gets",
    "Etc/UTC",
    datetime(2026, 2, 2, 10, tzinfo=UTC),
    seen=SIGNALS,
)
"""Of cadences in which some step asks for a sign."""


def read(file: Path) -> Playbook:
    """The playbook in this file."""
    return from_yaml(file.read_text(encoding="utf-8"), file.name)


def rendered(playbook: Playbook) -> str:
    """All its cadences in all cases."""
    return "\n".join(_sections(playbook))


def turns_of(playbook: Playbook, cadence: str, case: Case) -> tuple[Turn, ...]:
    """What becomes of the lead of this case in one of the playbook's cadences."""
    rules = _with_holidays(entering(playbook, cadence), case.holidays)
    return tuple(course(rules, case.features, case.entered_at, case.seen))


def path(file: Path) -> Path:
    """Where the timeline of a shipped playbook is kept."""
    return FOLDER / f"{file.stem}.txt"


def _sections(playbook: Playbook) -> Iterator[str]:
    for cadence in playbook.cadences:
        for case in (*CASES, CONDITIONAL) if cadence.conditional else CASES:
            turns = turns_of(playbook, cadence.name, case)
            heading = f"{cadence.name}, {case.zone}: {case.title}"
            yield "\n".join([heading, *lines(turns, case.zone)]) + "\n"


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
