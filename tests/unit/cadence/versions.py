"""Versions of one playbook, told by the letters of their steps, or by days on which all alike."""

from collections.abc import Collection, Mapping
from typing import Any

from engagement.playbook import Playbook, Step
from tests.unit.cadence.facts import ruled


def version(touches: str, steps: Mapping[str, Any] | None = None, **keys: Any) -> Playbook:
    """A cadence of these touches, a call a day; `steps` says more of some, by their letter."""
    plain = (
        {"day": day, "channel": "call", "activity": one, **(steps or {}).get(one, {})}
        for day, one in enumerate(touches, start=1)
    )
    written = [{key: said for key, said in step.items() if said is not None} for step in plain]
    return _of(written, keys)


def alike(*days: int, mails: Collection[int] = (), **keys: Any) -> Playbook:
    """A cadence of touches on these days: calls that all read alike, and so do the mails."""
    kinds = (("email", "Mail") if day in mails else ("call", "Call") for day in days)
    written = [
        {"day": day, "channel": channel, "activity": activity}
        for day, (channel, activity) in zip(days, kinds, strict=True)
    ]
    return _of(written, keys)


def touch(step: Step) -> str:
    """What a step is known by in every version: its letter, or its day where all read alike."""
    return step.activity if len(step.activity) == 1 else f"{step.activity} on day {step.day}"


def _of(steps: list[dict[str, Any]], keys: Mapping[str, Any]) -> Playbook:
    known = ruled().model_dump(mode="json", exclude_none=True)
    known["cadences"][0]["steps"] = steps
    return Playbook.model_validate({**known, **keys})
