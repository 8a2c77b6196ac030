"""Versions of one playbook, told by the letters of their steps: a call a day for each."""

from collections.abc import Mapping
from typing import Any

from engagement.playbook import Playbook
from tests.unit.cadence.facts import ruled


def version(touches: str, steps: Mapping[str, Any] | None = None, **keys: Any) -> Playbook:
    """A cadence of these touches; `steps` says more of some, by their letter."""
    known = ruled().model_dump(mode="json", exclude_none=True)
    plain = (
        {"day": day, "channel": "call", "activity": one, **(steps or {}).get(one, {})}
        for day, one in enumerate(touches, start=1)
    )
    written = [{key: said for key, said in step.items() if said is not None} for step in plain]
    known["cadences"][0]["steps"] = written
    return Playbook.model_validate({**known, **keys})
