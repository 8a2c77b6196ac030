"""The names under which a state is stored: one or two letters, as every lead has one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engagement.playbook.caps import CHANNELS
from schemas.events.fact import Channel

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "opted_out": "oo",
        "bounced": "b",
        "touches": "t",
        "unplanned": "u",
        "refused_at": "ra",
        "assigned": "a",
        "id": "i",
        "playbook_digest": "pd",
        "cadence": "c",
        "time_zone": "tz",
        "enrolment": "e",
        "day_one": "do",
        "attempts": "at",
        "step": "s",
        "attempt": "att",
        "tries": "tr",
        "lapses": "l",
        "plan_id": "pi",
        "not_before": "nb",
        "moved_from": "mf",
        "again": "ag",
        "unpromised": "up",
        "first_day": "fd",
        "opens_on": "oon",
        "zone_source": "zs",
        "place": "p",
        "paused_until": "pu",
        "barred": "ba",
        "rep": "r",
        "for_rep": "fr",
        "meanwhile": "me",
        "asked": "as",
        "passed": "pa",
        "loop": "lo",
        "overtaken": "o",
        "entered_at": "ea",
        "exposes_at": "eat",
        "unsuited": "un",
        "seen": "se",
        "waiting": "w",
        "moved_at": "ma",
        "replaced": "re",
        "home": "h",
        "enrolment_id": "ei",
        "ended_at": "et",
        "reason": "rn",
        "exit": "ex",
        "withdrawn": "wi",
        "handoff": "ha",
        "last": "la",
        "counts": "co",
        "spaced": "sp",
        "unplaced": "ul",
        "updated": "ud",
        "revocable": "rv",
        "granted": "gr",
        "known": "kn",
        "absences": "ab",
        "answered": "an",
        "closed_as": "ca",
        "apart": "hp",
        "told": "tl",
        "open": "op",
    }
)
"""What is stored is read by these: a name that was given once is never given to another field."""


def shortened(stored: Any) -> Any:
    """What JSON with the names of the fields says, under the short ones, as it is written now."""
    if not isinstance(stored, dict):
        return stored
    return {
        SHORT.get(name, name): _by_day(value) if name == "counts" else shortened(value)
        for name, value in stored.items()
    }


def _by_day(counts: list[tuple[int, Channel, int]]) -> list[tuple[int, list[int]]]:
    """Touches by day, which were stored by day and channel."""
    days: dict[int, list[int]] = {}
    for day, channel, made in sorted(counts):
        days.setdefault(day, [0] * len(CHANNELS))[CHANNELS.index(channel)] = made
    return list(days.items())
