"""Where a lead is: its own zone, else its region's, else its country's, else the playbook's."""

from typing import Literal

import pytest

from engagement.calendar import public_holidays, regions, zones
from engagement.calendar.place import Place, place
from engagement.playbook import Calendar
from schemas.events.fact import Features

CALENDAR = Calendar(time_zone="Europe/Vienna", infer_zone=True)


def of(country: str | None, region: str | None = None, zone: str | None = None) -> Place:
    """The place of a lead with these features."""
    features = Features(source="shopify", country=country, region=region, time_zone=zone)
    return place(features, CALENDAR)


def test_a_zone_that_the_lead_came_with_is_its_zone_wherever_it_lives() -> None:
    assert of("US", "CA", "Asia/Tokyo") == Place("Asia/Tokyo", "given", "US", "CA")


@pytest.mark.parametrize("source", ["phone", "country"])
def test_a_zone_that_was_inferred_at_the_door_says_by_what(
    source: Literal["phone", "country"],
) -> None:
    features = Features(
        source="shopify", country="US", region="CA", time_zone="Asia/Tokyo", zone_source=source
    )
    assert place(features, CALENDAR) == Place("Asia/Tokyo", source, "US", "CA")


@pytest.mark.parametrize("zone", [None, "Mars/Olympus", "../../etc/passwd"])
def test_in_a_country_of_several_times_the_region_says(zone: str | None) -> None:
    assert of("US", "CA", zone) == Place("America/Los_Angeles", "region", "US", "CA")


@pytest.mark.parametrize("told", ["QC", "CA-QC", "ca-qc", " Quebec ", "Québec"])
def test_a_region_may_be_told_by_code_or_by_name(told: str) -> None:
    assert of("CA", told) == Place("America/Toronto", "region", "CA", "QC")


@pytest.mark.parametrize("region", [None, "NSW", "Atlantis"])
def test_in_a_country_of_several_times_no_zone_is_guessed(region: str | None) -> None:
    assert of("US", region) == Place("Europe/Vienna", "playbook", "US", None)


def test_a_country_of_one_time_says_by_itself() -> None:
    assert of("DE", "BY") == Place("Europe/Berlin", "country", "DE", "BY")


@pytest.mark.parametrize("country", [None, "ZZ"])
def test_without_a_known_country_the_zone_is_the_playbooks(country: str | None) -> None:
    assert of(country, "BY") == Place("Europe/Vienna", "playbook", country, None)


@pytest.mark.parametrize(("country", "count"), [("US", 56), ("CA", 13), ("AU", 8), ("BR", 27)])
def test_every_region_with_holidays_has_a_zone(country: str, count: int) -> None:
    known = {region for region in public_holidays.regions(country) if len(region) <= 3}
    located = {region for region in known if regions.zone_of(country, region) in zones.names()}
    assert known - located <= {"UM"}  # small islands far apart, where nobody lives
    assert len(located) == count


def test_every_zone_of_a_region_exists() -> None:
    for country in ("AU", "BR", "CA", "MX", "RU", "US"):
        named = regions._zones()[country]
        assert set(named.values()) <= zones.names()


def test_mexico_and_russia_are_located_by_region() -> None:
    assert of("MX", "SON").time_zone == "America/Hermosillo"
    assert of("RU", "MOW").time_zone == "Europe/Moscow"


def test_a_playbook_that_does_not_infer_takes_its_own_zone_and_still_knows_the_place() -> None:
    features = Features(source="shopify", country="US", region="California")
    found = place(features, Calendar(time_zone="Europe/Vienna"))
    assert found == Place("Europe/Vienna", "playbook", "US", "CA")
