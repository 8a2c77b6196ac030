"""Where a lead is: whose clock, whose holidays and whose calling hours hold for it."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from engagement.calendar import countries, regions, zones
from schemas.events.fact import Features

if TYPE_CHECKING:
    from engagement.playbook.calendar import Calendar

ZoneSource = Literal["given", "phone", "region", "country", "playbook"]
"""How the zone was found: the lead came with it; by its phone number; by its region; by its
country; by none of them."""


_FIRMNESS: Mapping[ZoneSource, int] = MappingProxyType(
    {"playbook": 0, "country": 1, "region": 2, "phone": 3, "given": 4}
)


class Place(NamedTuple):
    """Where a lead is. `country` is ISO 3166-1, `region` ISO 3166-2 without the country's code."""

    time_zone: str
    zone_source: ZoneSource
    country: str | None
    region: str | None


def place(features: Features, calendar: "Calendar") -> Place:
    """Where a lead with these features is; in the playbook's zone where nobody can tell.

    Region and country tell the zone if the calendar says `infer_zone`; the phone is sealed, and
    was asked at the door.
    """
    told = features.time_zone, features.zone_source, features.country, features.region
    return _place(*told, calendar.time_zone, calendar.infer_zone)


def retold(before: Place, told: Mapping[str, str | int | None], calendar: "Calendar") -> Place:
    """Where a lead is of whom these features were told anew.

    A zone gives way to one that is as well founded, or to any where the lead is in another country
    than it was.
    """
    if "country" not in told and "time_zone" not in told:
        return before
    known: dict[str, Any] = {"country": before.country, "region": before.region, **told}
    found = place(Features.model_construct(source="", **known), calendar)
    gone = before.country is not None and before.country != found.country
    if gone or _FIRMNESS[found.zone_source] >= _FIRMNESS[before.zone_source]:
        return found
    return found._replace(time_zone=before.time_zone, zone_source=before.zone_source)


def looked_at(calendar: "Calendar") -> bool:
    """Whether the calendar looks at country and region of a lead, and not at its zone alone."""
    return calendar.calling_rules is not None or "lead" in (calendar.holidays or ())


@lru_cache(maxsize=16_384)
def _place(  # noqa: PLR0913, PLR0917  what the cache knows a place by
    given: str | None,
    source: Literal["phone", "country"] | None,
    country: str | None,
    told: str | None,
    default: str,
    infer_zone: bool | None,
) -> Place:
    region = regions.code_of(country, told) if country is not None and told is not None else None
    if given in zones.names():
        return Place(given, source or "given", country, region)
    inferred = _inferred(country, region) if infer_zone and country is not None else None
    return Place(*(inferred or (default, "playbook")), country, region)


def _inferred(country: str, region: str | None) -> tuple[str, ZoneSource] | None:
    by_region = regions.zone_of(country, region) if region is not None else None
    if by_region is not None:
        return by_region, "region"
    by_country = countries.zone_of(country)
    return None if by_country is None else (by_country, "country")
