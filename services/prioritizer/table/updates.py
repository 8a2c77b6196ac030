"""What was told anew of leads since they entered their cadence, of a whole batch at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from schemas.events.decision import CadenceEntered, EnrolmentUpdated
from services.runtime.fold.fold import Arrival


class Update(NamedTuple):
    """The features by their names, and the person where it was told."""

    features: Mapping[str, str | int | None]
    sealed: str | None


def updates(arrivals: Sequence[Arrival]) -> dict[UUID, Update]:
    """What counts at the end of the batch, of each lead of which anything was told."""
    found: dict[UUID, Update] = {}
    for arrival in arrivals:
        match arrival.event.data:
            case EnrolmentUpdated(lead_id=lead) as fact:
                before = found.get(lead, Update({}, None))
                features = {**before.features, **fact.features.told}
                found[lead] = Update(features, fact.sealed or before.sealed)
            case CadenceEntered(lead_id=lead):
                found.pop(lead, None)
            case _:
                pass
    return found
