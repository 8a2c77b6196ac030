"""A step: one touch, its channel, and the moment at which its turn comes."""

from collections.abc import Iterator, Mapping
from datetime import time
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from engagement.playbook.interval import Interval
from engagement.playbook.model import Model, Name, broken, refuse
from engagement.playbook.only_if import OnlyIf
from engagement.playbook.part_of_day import Hours
from engagement.playbook.script import Script
from schemas.events.fact import Channel

Activity = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Part = Literal["morning", "afternoon"]
Kind = Literal[
    "voicemail", "ghost", "call",
    "manual", "automated",
    "connect", "inmail", "message", "engage", "other",
    "task",
]  # fmt: skip
"""How a channel is used. A ghost call leaves no voicemail; an automated message needs no rep.

A task is anything on no channel at all, such as a letter or a visit. Events of version 1 know four
channels and may never know a fifth, so it stands under social, with its consent and caps.
"""

KINDS: Mapping[Channel, tuple[Kind, ...]] = MappingProxyType(
    {
        "call": ("voicemail", "ghost", "call"),
        "email": ("manual", "automated"),
        "sms": ("manual", "automated"),
        "social": ("connect", "inmail", "message", "engage", "other", "task"),
    }
)
"""The kinds that each channel knows."""

_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


def _clock(value: object) -> time:
    try:
        if isinstance(value, str) and len(value) == 5:
            return time.fromisoformat(value)
    except ValueError:
        pass
    raise broken("not a time of day", 'write it as "10:00", in quotes')


Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": _CLOCK}),
]
"""A time of day, written "10:00"."""


class Step(Model):
    """One touch.

    Its turn comes on a `day`, counted from 1, the day of entry; or `after` an interval; or
    `with_previous`, at the moment of the step before. Within a day, `hours`, a `part` of the day
    or the exact time `at` narrow the calendar's hours. It is taken `only_if` that holds.
    """

    day: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    """The day of its turn, counted from 1, the day of entry."""
    channel: Channel
    """How the lead is reached, with what consent, and what is capped."""
    activity: Activity
    """What the rep reads: what is to be done."""
    hours: Hours | None = None
    """Hours of this step alone, instead of the calendar's."""
    kind: Kind | None = None
    """How the channel is used; which kinds there are depends on the channel."""
    after: Interval | None = None
    """How long after the step before its turn comes."""
    gap_days: Annotated[int, Field(strict=True, ge=1, le=366)] | None = None
    """Days without a touch before it, at least; the days after it move on with it."""
    with_previous: Literal[True] | None = None
    """Its turn comes at the moment of the step before."""
    part: Part | None = None
    """The part of the day in which it is made."""
    at: Clock | None = None
    """The time at which it is made; past it, that of a later day."""
    only_if: OnlyIf | None = None
    """What must be so for it to be made; else it is passed over."""
    template: Name | None = None
    """What an automated message says: whoever sends it knows the text by this name."""
    script: Script | None = None
    """What a rep may say or write; shown with the touch, and decided by nothing."""

    @model_validator(mode="after")
    def _clear(self) -> "Step":
        refuse((*_turn(self), *_time_of_day(self), *_use(self)))
        return self


def _turn(step: Step) -> Iterator[PydanticCustomError]:
    given = _given(step, "day", "after", "with_previous")
    if not given:
        yield broken("no turn", "give one of day, after, with_previous")
    elif len(given) > 1:
        yield broken(_both(given), f"leave {given[-1]} out", given[-1])
    if step.gap_days is not None and step.day is None:
        yield broken("only a step with a day has `gap_days`", "leave gap_days out", "gap_days")


def _time_of_day(step: Step) -> Iterator[PydanticCustomError]:
    given = _given(step, "hours", "part", "at")
    if len(given) > 1:
        yield broken(_both(given), f"leave {given[-1]} out", given[-1])
    elif given and step.with_previous:
        yield broken("the step before says the time", f"leave {given[0]} out", given[0])
    if step.at and step.after and step.after.clock_minutes:
        yield broken("`after` and `at` both say the time", "wait in days, or leave at out", "at")


def _use(step: Step) -> Iterator[PydanticCustomError]:
    if step.kind is not None and step.kind not in KINDS[step.channel]:
        known = ", ".join(KINDS[step.channel])
        yield broken(f"not a kind of {step.channel}", f"use one of: {known}", "kind")
    if step.template is not None and step.kind != "automated":
        fix = "say kind: automated, or leave template out"
        yield broken("people write what they send", fix, "template")
    if step.script is not None and step.kind == "automated":
        yield broken("no rep makes this touch", "leave script out", "script")


def _given(step: Step, *names: str) -> list[str]:
    return [name for name in names if getattr(step, name) is not None]


def _both(given: list[str]) -> str:
    return f"timed twice, by {' and '.join(given)}"
