"""How often a lead was touched of late, and when its caps allow the next touch."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from operator import add
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from engagement.cadence.short_names import SHORT
from engagement.calendar import zones
from engagement.playbook.caps import CHANNELS, Cap, Caps
from schemas.events.fact import Channel

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK = 7
_NONE = (0,) * len(CHANNELS)
_ONE = {one: tuple(int(one == other) for other in CHANNELS) for one in CHANNELS}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
"""All of it lies on one day in any zone: offsets from UTC are whole quarters by now."""
_REACH = (_WEEK + 1) * _DAY // _QUARTER
"""In quarters: no two moments on seven days of any one zone are further apart."""


class Count(NamedTuple):
    """The touches on one day of the lead's, as `date.toordinal` counts days, on each channel."""

    day: int
    made: tuple[int, ...]
    """In the order of CHANNELS."""


class Touches(Struct, frozen=True, kw_only=True, omit_defaults=True, rename=SHORT):
    """The moment of the last touch, and the counts of seven days.

    `spaced` has the moment of the last touch on each channel whose cap has a gap of its own;
    `unplaced` counts, by the quarter of an hour since 1970, those made before anybody knew the
    lead's zone, which have no day yet.
    """

    last: datetime
    counts: tuple[Count, ...] = ()
    spaced: tuple[tuple[Channel, datetime], ...] | None = None
    unplaced: tuple[Count, ...] | None = None


def counted(
    apart: frozenset[Channel], touches: Touches | None, channel: Channel, at: datetime, day: date
) -> Touches:
    """With one more touch, made `at` this moment of the lead's `day`, told in whatever order.

    `apart` are the channels whose last touch is remembered.
    """
    spaced = _spaced(apart, touches, channel, at)
    known = () if touches is None else touches.counts
    counts = _with(known, Count(day.toordinal(), _ONE[channel]), _WEEK)
    last = at if touches is None else max(touches.last, at)
    return Touches(last=last, counts=counts, spaced=spaced)


def kept_unplaced(
    apart: frozenset[Channel], touches: Touches | None, channel: Channel, at: datetime
) -> Touches:
    """With one more touch, made `at` this moment of a lead whose zone nobody knows yet."""
    quarter = (at - _EPOCH) // _QUARTER
    unplaced = () if touches is None else touches.unplaced or ()
    return Touches(
        last=at if touches is None else max(touches.last, at),
        counts=() if touches is None else touches.counts,
        spaced=_spaced(apart, touches, channel, at),
        unplaced=_with(unplaced, Count(quarter, _ONE[channel]), _REACH),
    )


def placed(touches: Touches | None, time_zone: str) -> Touches | None:
    """With each touch on its day by the clock of the lead, whose zone is known by now."""
    if touches is None or touches.unplaced is None:
        return touches
    counts, zone = touches.counts, zones.zone(time_zone)
    for quarter, made in touches.unplaced:
        day = (_EPOCH + quarter * _QUARTER).astimezone(zone).date()
        counts = _with(counts, Count(day.toordinal(), made), _WEEK)
    return replace(touches, counts=counts, unplaced=None)


def _with(known: tuple[Count, ...], more: Count, reach: int) -> tuple[Count, ...]:
    """With more touches, and without those that the last one leaves so far behind."""
    before = next((count.made for count in known if count.day == more.day), _NONE)
    this = Count(more.day, tuple(map(add, before, more.made)))
    counts = sorted((*(count for count in known if count.day != more.day), this))
    return tuple(count for count in counts if count.day > counts[-1].day - reach)


def _spaced(
    apart: frozenset[Channel], touches: Touches | None, channel: Channel, at: datetime
) -> tuple[tuple[Channel, datetime], ...] | None:
    known = None if touches is None else touches.spaced
    if channel not in apart:
        return known
    last = dict(known or ())
    last[channel] = max(last.get(channel, at), at)
    return tuple(sorted(last.items()))


def allowed_from(
    caps: Caps, touches: Touches, channel: Channel, at: datetime, time_zone: str
) -> datetime:
    """The first moment from `at` on at which the caps allow one more touch on the channel."""
    at = max(at, touches.last + caps.gap, _next_on(caps, touches, channel))
    zone = zones.zone(time_zone)
    today = at.astimezone(zone).date()
    day = next(day for day in _days(today) if _fits(caps, touches, channel, day.toordinal()))
    return at if day == today else datetime.combine(day, time.min, zone).astimezone(UTC)


def refused_by(
    caps: Caps, touches: Touches, channel: Channel, at: datetime, time_zone: str
) -> Iterator[str]:
    """The caps that forbid one more touch on the channel at this moment, and on the days after."""
    if at < touches.last + caps.gap:
        yield f"caps.gap_minutes: {caps.gap_minutes}"
    own_gap = _next_on(caps, touches, channel)
    if at < own_gap:
        yield f"caps.{channel}.gap_minutes: {caps.gap_on(channel) // _MINUTE}"
    at = max(at, touches.last + caps.gap, own_gap)
    for day in _days(at.astimezone(zones.zone(time_zone)).date()):
        refused = tuple(_refused_by(caps, touches, channel, day.toordinal()))
        if not refused:
            return
        yield from refused


def _next_on(caps: Caps, touches: Touches, channel: Channel) -> datetime:
    """When the channel's own gap is over."""
    last = dict(touches.spaced or ()).get(channel)
    return touches.last if last is None else last + caps.gap_on(channel)


def _refused_by(caps: Caps, touches: Touches, channel: Channel, day: int) -> Iterator[str]:
    yield from (f"caps.{rule}" for rule in _refusals(caps, touches, day, None))
    own = caps.of(channel)
    if own is not None:
        yield from (f"caps.{channel}.{rule}" for rule in _refusals(own, touches, day, channel))


def _refusals(cap: Cap, touches: Touches, day: int, channel: Channel | None) -> Iterator[str]:
    if not cap.allows(_sum(touches, day, channel), 0):
        yield f"per_day: {cap.per_day}"
    if not cap.allows(0, _sum(touches, day - _WEEK + 1, channel)):
        yield f"per_week: {cap.per_week}"


def _days(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


def _fits(caps: Caps, touches: Touches, channel: Channel, day: int) -> bool:
    own = caps.of(channel)
    return _allows(caps, touches, day, None) and (
        own is None or _allows(own, touches, day, channel)
    )


def _allows(cap: Cap, touches: Touches, day: int, channel: Channel | None) -> bool:
    on_day = _sum(touches, day, channel)
    return cap.allows(on_day, _sum(touches, day - _WEEK + 1, channel))


def _sum(touches: Touches, first: int, channel: Channel | None) -> int:
    """Since the first day. Touches are made already: if one counts on a day that is still to come,
    the lead went west, and the window of the next touch may lie on that day."""
    within = (count.made for count in touches.counts if first <= count.day)
    if channel is None:
        return sum(map(sum, within))
    return sum(made[CHANNELS.index(channel)] for made in within)
