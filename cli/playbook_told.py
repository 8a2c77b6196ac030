"""The difference of two playbooks, for people and for machines."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import yaml

from cli.aligned_text import aligned_lines
from cli.playbook_compared import Compared, Difference
from engagement import zones
from engagement.cadence.shift import Shift
from engagement.playbook.difference import Change
from schemas.events.plan import TouchPlanned

HEADINGS = ("was", "not before", "is", "not before", "shift", "channel", "activity")


def lines(found: Difference) -> Iterator[str]:
    """What people read: what was changed, then the timelines of leads whose touches shift."""
    digests = (one.digest[:12] if one else "none" for one in (found.old, found.new))
    yield f"{found.name}: {' -> '.join(digests)}"
    for change in found.changes:
        yield f"  {change.part}: {change.key and f'{change.key}: '}{_words(change)}"
    for compared in found.leads:
        if compared.shifted:
            yield f"\n{compared.cadence}, {compared.lead}:"
            yield from aligned_lines([HEADINGS, *_rows(compared)])
    if still := [f"{one.cadence} {one.lead}" for one in found.leads if not one.shifted]:
        yield f"\nNo touch shifts for: {', '.join(still)}"


def _words(change: Change) -> str:
    if change.old is None:
        return f"added {_yaml(change.new)}"
    if change.new is None:
        return f"removed {_yaml(change.old)}"
    return f"{_yaml(change.old)} -> {_yaml(change.new)}"


def _yaml(value: Any) -> str:
    """As a manager would write it, in one line; a whole cadence is read in its file."""
    if isinstance(value, dict) and isinstance(value.get("steps"), list) and "name" in value:
        return "a whole cadence"
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()


def _rows(compared: Compared) -> Iterator[tuple[str, ...]]:
    for touch in compared.touches:
        shown = touch.new or touch.old
        if shown is not None:
            old, new = _seen(touch.old, compared.zone), _seen(touch.new, compared.zone)
            yield *old, *new, _shift(touch), shown.channel, shown.activity


def _seen(plan: TouchPlanned | None, zone: str) -> tuple[str, str]:
    if plan is None:
        return "-", "-"
    return str(plan.step), f"{plan.not_before.astimezone(zones.zone(zone)):%a %Y-%m-%d %H:%M%z}"


def _shift(touch: Shift) -> str:
    if touch.by is None:
        return "removed" if touch.new is None else "added"
    return (
        "" if not touch.by else f"{'-' if touch.by < timedelta(0) else '+'}{_long(abs(touch.by))}"
    )


def _long(time: timedelta) -> str:
    """In days, hours and minutes, as people say it."""
    minutes = time // timedelta(minutes=1)
    parts = ((minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def told(found: Difference) -> dict[str, Any]:
    """What machines read; moments are in UTC, shifts in seconds."""
    return {
        "playbook": found.name,
        "old": found.old and found.old.digest,
        "new": found.new and found.new.digest,
        "changes": [
            {"part": one.part, "key": one.key, "old": one.old, "new": one.new}
            for one in found.changes
        ],
        "leads": [
            {"cadence": one.cadence, "lead": one.lead, "touches": [_sides(t) for t in one.touches]}
            for one in found.leads
        ],
    }


def _sides(touch: Shift) -> dict[str, Any]:
    sides = {"old": touch.old, "new": touch.new}
    known = {"step", "channel", "not_before", "due_at"}
    told: dict[str, Any] = {
        side: plan and plan.model_dump(mode="json", include=known) for side, plan in sides.items()
    }
    return {**told, "shift_seconds": None if touch.by is None else touch.by.total_seconds()}
