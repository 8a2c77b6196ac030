"""What a migration does to whom, for people and for machines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cli.aligned_text import aligned_lines
from cli.migration import Outcome
from engagement import zones
from engagement.cadence.status import enrolment_state
from schemas.events.plan import TouchPlanned

HEADINGS = ("lead", "cadence", "", "step", "not before", "step", "not before", "why")


def lines(found: Sequence[Outcome]) -> Iterator[str]:
    """A line for each lead, by the lead's own clock, and how many stay, move and shift."""
    if found:
        yield from aligned_lines([HEADINGS, *map(_row, found)])
    tally = Counter(one.verdict for one in found)
    yield (
        f"{tally['stays']} stay; {tally['moves']} move and keep their touch;"
        f" {tally['shifts']} move and get another one"
    )


def told(outcome: Outcome) -> dict[str, Any]:
    """The same for machines; moments are in UTC."""
    lead = outcome.lead
    return {
        "lead_id": str(lead.lead_id),
        "enrolment_id": str(lead.state.enrolment.id),
        "cadence": lead.state.enrolment.cadence,
        "playbook_digest": lead.state.enrolment.playbook_digest,
        "state": enrolment_state(lead.state),
        "verdict": outcome.verdict,
        "why": outcome.why or None,
        "before": _touch(outcome.before),
        "after": _touch(outcome.after),
    }


def _row(outcome: Outcome) -> tuple[str, ...]:
    enrolment = outcome.lead.state.enrolment
    sides = (outcome.before, outcome.after)
    seen = (text for plan in sides for text in _seen(plan, enrolment.time_zone))
    return str(outcome.lead.lead_id), enrolment.cadence, outcome.verdict, *seen, outcome.why


def _seen(plan: TouchPlanned | None, zone: str) -> tuple[str, str]:
    if plan is None:
        return "-", "-"
    return str(plan.step), f"{plan.not_before.astimezone(zones.zone(zone)):%a %Y-%m-%d %H:%M%z}"


def _touch(plan: TouchPlanned | None) -> dict[str, Any] | None:
    known = {"step", "channel", "activity", "not_before", "due_at"}
    return None if plan is None else plan.model_dump(mode="json", include=known)
