"""Enrolments that go over to another version of their playbook, as operators tell it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from schemas.events.fact import Features, Text
from schemas.events.lead import EnrolmentMoved
from services.ingest.connectors.batch import items
from services.ingest.refused import refused


class Move(BaseModel):
    """What an enrolment-moved says, besides its times."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lead_id: UUID
    enrolment_id: UUID
    playbook_digest: Text
    cadence: Text
    features: Features


def moves(raw: bytes, recorded_at: datetime) -> list[EnrolmentMoved]:
    """The facts that `raw` tells, in its order: one, or a list.

    Raises Refused if any is wrong, naming its index in the list, field, rule and fix.
    """
    return items(raw, "moves", partial(_read, recorded_at))


def _read(recorded_at: datetime, item: object) -> EnrolmentMoved:
    try:
        move = Move.__pydantic_validator__.validate_python(item)
    except ValidationError as error:
        raise refused(error) from None
    times = {"occurred_at": recorded_at, "recorded_at": recorded_at}
    return EnrolmentMoved.model_validate(move.model_dump() | times)
