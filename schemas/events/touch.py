"""Facts about touches: what a person or a tool did, and what nobody did in time."""

from typing import ClassVar
from uuid import UUID

from schemas.events.fact import ADDED, Channel, LeadFact, Moment, Text


class TouchLogged(LeadFact):
    """A touch was made and ended with a result code of the playbook.

    `plan_id` names the plan that it answers; nothing for a touch that nobody planned.
    `sealed_note` is the rep's note, encrypted under the lead's key. `callback_at` is the moment
    that the rep promised the lead, where the result code schedules a callback.
    """

    type: ClassVar[str] = "touch-logged"

    plan_id: UUID | None = None
    channel: Channel
    result_code: Text
    rep_id: Text | None = None
    sealed_note: str | None = None
    callback_at: Moment | None = ADDED


class TouchLapsed(LeadFact):
    """Nobody made the planned touch before it lapsed."""

    type: ClassVar[str] = "touch-lapsed"

    plan_id: UUID
