"""Public holidays from the locked `holidays` package: its version is the version of the data."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

import holidays


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The ISO 3166-1 codes of the countries whose holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def regions(country: str) -> frozenset[str]:
    """The ISO 3166-2 codes, without the country's, of regions with holidays of their own."""
    if country not in countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country).subdivisions)


@cache
def region_names(country: str) -> Mapping[str, str]:
    """The code of each of them by its names, in capitals."""
    if country not in countries():
        return {}
    aliases = holidays.country_holidays(country).subdivisions_aliases
    return {name.upper(): code for name, code in aliases.items()}


def is_holiday(day: date, country: str | None, region: str | None) -> bool:
    """Whether the day is a public holiday there; never where the country is not known."""
    if country is None or country not in countries():
        return False
    return day in _of_year(day.year, country, region if region in regions(country) else None)


@lru_cache(maxsize=4_096)
def _of_year(year: int, country: str, region: str | None) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
