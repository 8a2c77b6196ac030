"""Regions of countries: their ISO 3166-2 codes, and the zones of those that differ by region."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from engagement.calendar import public_holidays


@lru_cache(maxsize=4_096)
def code_of(country: str, told: str) -> str | None:
    """The code of the region that a source told as "CA", "US-CA", "us-ca" or "California".

    Nothing for a region that neither zones nor holidays know.
    """
    text = told.strip().upper().removeprefix(f"{country}-")
    known = public_holidays.regions(country)
    if text in known or text in _zones().get(country, ()):
        return text
    return public_holidays.region_names(country).get(text)


def zone_of(country: str, region: str) -> str | None:
    """The zone in which most people of the region live, in a country of several times."""
    return _zones().get(country, {}).get(region)


@cache
def _zones() -> Mapping[str, Mapping[str, str]]:
    text = (files("engagement.calendar") / "regions.yaml").read_text(encoding="utf-8")
    return {
        country: {region: zone for zone, regions in zones.items() for region in regions.split()}
        for country, zones in yaml.safe_load(text).items()
    }
