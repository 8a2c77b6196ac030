"""The time zone that a whole country shares.

Source: zone.tab of the IANA time zone database, as the tzdata package carries it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from engagement.calendar.zones import zone

_SUMMER_AND_WINTER = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC))


def zone_of(country: str) -> str | None:
    """The zone of an ISO 3166-1 country whose clocks all agree, summer and winter.

    Nothing for a country of several times: a guess would ring people out of bed.
    """
    return _by_country().get(country)


def agreed(names: Sequence[str]) -> str | None:
    """The first of these zones, if the clocks of all of them agree, summer and winter."""
    return names[0] if len(set(map(_clock, names))) == 1 else None


@cache
def codes() -> frozenset[str]:
    """The letters of every country in ISO 3166-1, and those in use for Kosovo, which has none."""
    return frozenset((*_zones(), "XK"))


@cache
def _by_country() -> Mapping[str, str]:
    found = ((country, agreed(names)) for country, names in _zones().items())
    return {country: zone for country, zone in found if zone is not None}


@cache
def _zones() -> Mapping[str, Sequence[str]]:
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            zones.setdefault(country, []).append(name)
    return zones


@cache
def _clock(name: str) -> tuple[timedelta | None, ...]:
    return tuple(moment.astimezone(zone(name)).utcoffset() for moment in _SUMMER_AND_WINTER)
