"""Where a lead is: whose clock, whose holidays and whose calling hours hold for it."""

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from engagement.calendar import countries, regions, zones
from schemas.events.fact import Features

if TYPE_CHECKING:
    from engagement.playbook.calendar import Calendar

ZoneSource = Literal["given", "region", "country", "playbook"]
"""How the zone was found: the lead came with it; by its region; by its country; by neither."""


class Place(NamedTuple):
    """Where a lead is. `country` is ISO 3166-1, `region` ISO 3166-2 without the country's code."""

    time_zone: str
    zone_source: ZoneSource
    country: str | None
    region: str | None


def place(features: Features, calendar: "Calendar") -> Place:
    """Where a lead with these features is; in the playbook's zone where nobody can tell."""
    return _place(features.time_zone, features.country, features.region, calendar.time_zone)


@lru_cache(maxsize=16_384)
def _place(given: str | None, country: str | None, told: str | None, default: str) -> Place:
    region = regions.code_of(country, told) if country is not None and told is not None else None
    if given in zones.names():
        return Place(given, "given", country, region)
    if country is not None and region is not None:
        by_region = regions.zone_of(country, region)
        if by_region is not None:
            return Place(by_region, "region", country, region)
    by_country = countries.zone_of(country) if country is not None else None
    if by_country is not None:
        return Place(by_country, "country", country, region)
    return Place(default, "playbook", country, region)
