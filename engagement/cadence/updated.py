"""What sources told of a lead anew since it came in: remembered, and put in place of what was."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from engagement.cadence.conditions import unsuited
from engagement.cadence.facts import Cause
from engagement.cadence.remembered import Updated
from engagement.cadence.state import Active, Outside, State
from engagement.calendar.place import Place, looked_at, retold
from engagement.playbook import Cadence, Playbook
from schemas.events.decision import EnrolmentUpdated
from schemas.events.fact import Features, NewFeatures
from schemas.events.lead import LeadUpdated

Kind = TypeVar("Kind", bound=State)
Values = tuple[tuple[str, str | int | None], ...]

_WHERE = ("country", "region", "time_zone", "zone_source")
_CHANGING = tuple(NewFeatures.model_fields)


def is_news(state: State, cause: Cause) -> bool:
    """Whether this lead-updated is another one than the last."""
    return state.updated is None or state.updated.by != cause.envelope.id


def hear_update(state: Outside, cause: Cause, fact: LeadUpdated) -> Outside:
    """The state of a lead in no cadence: what was told completes what it next comes in with."""
    return _with(state, Updated(cause.envelope.id, _merged(state.updated, fact.features.told)))


def update(playbook: Playbook, state: Active, fact: EnrolmentUpdated) -> Active:
    """The state of a lead in a cadence: where it is, and which steps are for it, by what is known
    now."""
    told = fact.features.told
    after = _with(state, Updated(fact.update_id, _merged(state.updated, told)))
    where = retold(whereabouts(state), told, playbook.calendar)
    cadence = playbook.cadence[state.enrolment.cadence]
    return replace(
        after,
        enrolment=replace(state.enrolment, time_zone=where.time_zone),
        zone_source=where.zone_source if where != whereabouts(state) else state.zone_source,
        place=where if looked_at(playbook.calendar) else None,
        unsuited=_unsuited(cadence, after),
    )


def whereabouts(state: Active) -> Place:
    """Where the lead is, as far as its state tells."""
    source = state.zone_source or "given"
    return state.place or Place(state.enrolment.time_zone, source, None, None)


def completed(features: Features, state: State) -> Features:
    """The features of a lead that comes in, with what was told before where it says nothing.

    It says where the lead is as a whole, or not at all.
    """
    if state.updated is None or not state.updated.features:
        return features
    said = {name for name in _CHANGING if getattr(features, name) is not None}
    if said.intersection(_WHERE):
        said.update(_WHERE)
    gaps = {name: value for name, value in state.updated.features if name not in said}
    return features.model_copy(update=gaps)


def corrected(features: Features, state: State) -> Features:
    """The features of an enrolment, with what was told since."""
    if state.updated is None or not state.updated.features:
        return features
    return features.model_copy(update=dict(state.updated.features))


def still_told(state: State, features: Features) -> Updated | None:
    """What of it holds for a lead that comes in with these features."""
    if state.updated is None:
        return None
    kept = tuple(one for one in state.updated.features if getattr(features, one[0]) == one[1])
    return state.updated._replace(features=kept)


def known(cadence: Cadence, features: Features) -> Values | None:
    """The features that steps ask for, to ask again when others are told."""
    return tuple((name, getattr(features, name)) for name in cadence.features) or None


def _unsuited(cadence: Cadence, state: Active) -> tuple[int, ...] | None:
    """Nothing is asked anew of a lead that entered when a release kept no features."""
    if state.known is None or state.updated is None:
        return state.unsuited
    values: dict[str, Any] = {"source": "", **dict(state.known), **dict(state.updated.features)}
    return unsuited(cadence, Features.model_construct(**values))


def _merged(before: Updated | None, told: Mapping[str, str | int | None]) -> Values:
    """A zone that was inferred from a country goes with it."""
    merged = dict(before.features) if before is not None else {}
    if "country" in told and merged.get("zone_source") == "country":
        del merged["time_zone"], merged["zone_source"]
    return tuple(sorted({**merged, **told}.items()))


def _with(state: Kind, updated: Updated) -> Kind:
    return replace(state, updated=updated)
