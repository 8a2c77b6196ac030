"""Why a touch may be made when its plan opens, and why not before: what every plan tells of it."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from engagement.cadence.open_hours import as_told
from engagement.cadence.reacting import rules_of
from engagement.cadence.state import Active
from engagement.cadence.touches import refused_by
from engagement.cadence.turn import Times, Turn
from engagement.calendar import zones
from engagement.playbook import Playbook
from schemas.events.fact import Channel

PAUSE = "pause"


def told(turn: Turn, times: Times, held: tuple[str, ...] = ()) -> dict[str, Any]:
    """The moments of a plan with their proof; `held` are the rules that held it back till then."""
    time_zone, denied = turn.state.enrolment.time_zone, times.denied
    return {
        "not_before": times.not_before,
        "due_at": times.due_at,
        "lapses_at": times.lapses_at,
        "open_hours": as_told(times.open_hours) if times.open_hours else None,
        "allowed_by": times.rule,
        "denied_by": (tuple(dict.fromkeys(held + denied)) if held else denied) or None,
        "local_time": _clock(times.not_before, time_zone),
        "time_zone": time_zone,
        "zone_source": turn.state.zone_source,
    }


@lru_cache(maxsize=4_096)
def _clock(moment: datetime, time_zone: str) -> str:
    """What the lead's clock shows; leads of one zone share the moments at which windows open."""
    return moment.astimezone(zones.zone(time_zone)).isoformat(timespec="minutes")


def held_by(
    playbook: Playbook, state: Active, channel: Channel, moment: datetime
) -> Iterator[str]:
    """The pause and the caps that forbid the channel at this moment, and on the days after it."""
    held_until = state.held_until
    if held_until is not None and moment < held_until:
        yield PAUSE
        moment = held_until
    caps = rules_of(playbook, state).caps
    if caps is not None and state.touches is not None:
        time_zone = state.enrolment.time_zone
        yield from refused_by(caps, state.touches, channel, moment, time_zone)
