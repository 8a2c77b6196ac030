"""Playbooks with every rule around a cadence, for leads to whom anything may happen."""

from typing import Any

from engagement.playbook import Playbook
from tests.unit.cadence.facts import ruled

CAPS = {
    "gap_minutes": 90,
    "per_day": 3,
    "per_week": 9,
    "call": {"per_day": 1, "per_week": 3},
    "email": {"per_week": 2, "gap_minutes": 2_880},
}
MOST_TRIES = 2


def _ruled(**rules: Any) -> Playbook:
    """With codes that try a step twice, and no more often."""
    known = ruled(**rules).model_dump(mode="json", exclude_none=True)
    for one in known["results"]:
        if one["action"] in {"retry-in", "end-of-queue"}:
            one["most_tries"] = MOST_TRIES
    return Playbook.model_validate(known)


PLAYBOOKS = (
    _ruled(caps=CAPS, re_entry="allow", reply="continue", reply_elsewhere="pause 2 days"),
    _ruled(out_of_office="pause", meeting_booked="pause 5 days", require_consent=["sms", "email"]),
    _ruled(
        re_entry="refuse",
        bounced="finish",
        opted_out="finish",
        out_of_office="finish",
        reply="pause",
        caps={"per_week": 4},
    ),
)
CODES = PLAYBOOKS[0].codes
ENDS = {"qualify", "meeting-booked", "close", "stop-trying", "opt-out"}
