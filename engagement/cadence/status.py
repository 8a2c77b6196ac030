"""Where a lead stands with its cadence, as one word of a closed list, each with a sentence."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engagement.cadence.state import Active, Ended, NotEntered, State

EnrolmentState = Literal["not-entered", "active", "waiting", "paused", "ended"]
"""What an enrolment may be. It needs no clock: what a plan's moment means, its reader knows."""

STATES: Mapping[EnrolmentState, str] = MappingProxyType(
    {
        "not-entered": "the lead is in no cadence and never was",
        "active": "one touch is planned; it may lie after a pause",
        "waiting": "one touch is planned, and its step's condition is not met yet",
        "paused": "nothing is planned until people resume it",
        "ended": "it is over; reason and exit say why",
    }
)


def enrolment_state(state: State) -> EnrolmentState:
    """The word for this state."""
    match state:
        case NotEntered():
            return "not-entered"
        case Ended():
            return "ended"
        case Active(plan_id=None):
            return "paused"
        case Active(waiting=True):
            return "waiting"
        case Active():
            return "active"
