"""What is stored of a lead that was moved, or told of anew: nothing that its state says."""

from typing import Any
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace

from engagement.cadence.facts import plan_of
from engagement.cadence.home import standing
from engagement.cadence.remembered import Apart, Home, Told, Updated
from engagement.cadence.state import Active

FEATURES = ("country", "region", "time_zone", "zone_source", "mail", "score", "language")
"""By their places they are stored: whatever a release adds comes last."""
_UNKNOWN = object()


def brief(state: Active) -> Active:
    """The state as it is stored."""
    if state.updated is not None:
        state = replace(state, updated=None, told=_told(state, state.updated))
    return state if state.home is None else _taken_apart(state, state.home)


def whole(state: Active) -> Active:
    """The state that was stored so."""
    if state.apart is not None:
        state = _together(state, state.apart)
    if state.told is not None:
        state = replace(state, updated=_updated(state, state.told), told=None)
    return state


def _told(state: Active, updated: Updated) -> Told:
    said, known = dict(updated.features), _known(state)
    told = (known.get(name, _UNKNOWN) == said.get(name) or said.get(name) for name in FEATURES)
    both = zip(FEATURES, told, strict=True)
    return Told(updated.by, tuple(value if name in said else False for name, value in both))


def _updated(state: Active, told: Told) -> Updated:
    known = _known(state)
    said = {
        name: known[name] if value is True else value
        for name, value in zip(FEATURES, told.features, strict=False)
        if value is not False
    }
    return Updated(told.by, tuple(sorted(said.items())))


def _known(state: Active) -> dict[str, str | None]:
    return {"time_zone": state.enrolment.time_zone, "zone_source": state.zone_source}


def _taken_apart(state: Active, home: Home) -> Active:
    ids = _ids(state, home)
    both = zip(Home._fields, home, standing(state), strict=True)
    told: dict[str, Any] = {name: value for name, value, same in both if value != same}
    if home.plan_id in ids:
        told["plan_id"] = ids.index(home.plan_id)
    open_ = ids.index(state.plan_id) if state.plan_id in ids else None
    plan_id = state.plan_id if open_ is None else None
    apart = Apart(**told, open=open_, replaced=_numbers(ids, state.replaced))
    return replace(state, home=None, replaced=None, plan_id=plan_id, apart=apart)


def _together(state: Active, apart: Apart) -> Active:
    both = ((name, getattr(apart, name)) for name in Home._fields)
    told: dict[str, Any] = {name: value for name, value in both if value is not UNSET}
    ids = _ids(state, standing(state)._replace(**told))
    plan_id = state.plan_id if apart.open is None else ids[apart.open]
    replaced = apart.replaced and tuple(_id(ids, one) for one in apart.replaced)
    state = replace(state, plan_id=plan_id, replaced=replaced, apart=None)
    if isinstance(told.get("plan_id"), int):
        told["plan_id"] = ids[told["plan_id"]]
    return replace(state, home=standing(state)._replace(**told))


def _ids(state: Active, home: Home) -> tuple[UUID, UUID]:
    at_home = plan_of(state.enrolment.id, home.step, home.attempt)
    return at_home, plan_of(state.plan_root, state.step, state.attempt)


def _numbers(
    ids: tuple[UUID, UUID], plans: tuple[UUID, ...] | None
) -> tuple[UUID | int, ...] | None:
    if plans is None:
        return None
    return tuple(ids.index(one) if one in ids else one for one in plans)


def _id(ids: tuple[UUID, UUID], told: UUID | int) -> UUID:
    return ids[told] if isinstance(told, int) else told
