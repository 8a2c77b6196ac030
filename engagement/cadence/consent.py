"""What a lead allows by now: opt-outs, and the consents that take them back.

An opt-out holds from when it is told, whenever it was said. A consent takes back what the lead
itself refused before it was given, and never what a list of numbers or domains forbids.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar, get_args

from msgspec.structs import replace

from engagement.cadence.state import Active, OptOut, State
from schemas.events.fact import Channel, ChannelConsent
from schemas.events.lead import ConsentGiven, OptedOut

Kind = TypeVar("Kind", bound=State)
Since = tuple[tuple[OptOut, datetime], ...]

CHANNELS: tuple[Channel, ...] = get_args(Channel)


def hear_opt_out(state: Kind, fact: OptedOut) -> Kind:
    """The state of a lead that opted out, or that a list opts out."""
    if fact.reason == "do-not-contact":
        return _listed(state, fact.channel)
    return opt_out(state, fact.channel, min(fact.occurred_at, fact.recorded_at))


def opt_out(state: Kind, channel: OptOut, at: datetime) -> Kind:
    """The state of a lead that said so itself, at this moment."""
    since = dict(state.revocable)
    if channel not in state.opted_out or channel in since:
        since[channel] = max(at, since.get(channel, at))
    return _told(state, _with(state.opted_out, channel), since.items(), _taken(state, channel))


def _listed(state: Kind, channel: OptOut) -> Kind:
    since = (one for one in state.revocable if one[0] != channel)
    return _told(state, _with(state.opted_out, channel), since, _taken(state, channel))


def consent(state: Kind, fact: ConsentGiven) -> Kind:
    """The state of a lead that allows a channel, or all of them, from now on."""
    at, given = min(fact.occurred_at, fact.recorded_at), _covered(fact.channel)
    before = {key: since for key, since in state.revocable if since < at}
    lifted = {key for key in before if key in given or key == "all"}
    rest = [one for one in CHANNELS if one not in given] if "all" in lifted else []
    opted_out = tuple(one for one in state.opted_out if one not in lifted)
    for channel in rest:
        opted_out = _with(opted_out, channel)
    since = {key: when for key, when in state.revocable if key not in lifted}
    fresh = {one: before["all"] for one in rest if one not in state.opted_out}
    free = [one for one in given if not {one, "all"} & {*opted_out, *since, *fresh}]
    granted = tuple(one for one in CHANNELS if one in {*state.granted, *free})
    return _unbarred(_told(state, opted_out, (since | fresh).items(), granted), free)


def denied_at(
    state: State, told: ChannelConsent, at: datetime
) -> tuple[Since, tuple[Channel, ...]]:
    """What a lead that comes in refuses with it and when, and what it allowed before and still
    does. What it refused before as well it refuses since now: no consent from between counts."""
    denied = [one for one in CHANNELS if getattr(told, one) == "denied"]
    if not denied:
        return state.revocable, state.granted
    known = dict(state.revocable)
    fresh = [one for one in denied if one not in state.opted_out or one in known]
    since = known | {one: max(at, known.get(one, at)) for one in fresh}
    return tuple(since.items()), tuple(one for one in state.granted if one not in denied)


def kept(state: Active) -> Since:
    """What of it outlives an enrolment: a denial that a lead came in with is asked at each."""
    return tuple(one for one in state.revocable if one[0] in state.opted_out)


def _unbarred(state: Kind, free: Iterable[Channel]) -> Kind:
    if not isinstance(state, Active) or not state.barred:
        return state
    barred = tuple(one for one in state.barred if one[1] == "bounced" or one[0] not in free)
    return state if barred == state.barred else replace(state, barred=barred)


def _told(
    state: Kind,
    opted_out: tuple[OptOut, ...],
    since: Iterable[tuple[OptOut, datetime]],
    granted: tuple[Channel, ...],
) -> Kind:
    after = opted_out, tuple(since), granted
    if after == (state.opted_out, state.revocable, state.granted):
        return state
    return replace(state, opted_out=after[0], revocable=after[1], granted=granted)


def _taken(state: State, channel: OptOut) -> tuple[Channel, ...]:
    return tuple(one for one in state.granted if one not in _covered(channel))


def _covered(channel: OptOut) -> tuple[Channel, ...]:
    return CHANNELS if channel == "all" else (channel,)


def _with(opted_out: tuple[OptOut, ...], channel: OptOut) -> tuple[OptOut, ...]:
    return opted_out if channel in opted_out else (*opted_out, channel)
