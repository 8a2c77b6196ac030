"""A phone number tells a zone only where nobody could be rung up at another hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement import zones
from schemas.received.lead import MqlReceived
from services.ingest.identity import LeadIds
from services.ingest.lead import lead_of
from services.ingest.phone_zone import zone_of_phone

IDS = LeadIds(b"a secret of this deployment's own")


@pytest.mark.parametrize(
    ("number", "country", "zone"),
    [
        ("+49 30 123456", None, "Europe/Berlin"),
        ("0049 (0)30 123456", None, "Europe/Berlin"),
        ("030 123456", "DE", "Europe/Berlin"),
        ("+49 171 1234567", None, "Europe/Berlin"),
        ("+1 415 555 2671", None, "America/Los_Angeles"),
        ("(415) 555-2671", "US", "America/Los_Angeles"),
        ("+1 212 555 2671", None, "America/New_York"),
        ("+7 495 1234567", None, "Europe/Moscow"),
        ("+34 922 123456", None, "Atlantic/Canary"),
    ],
)
def test_a_number_of_one_zone_tells_it(number: str, country: str | None, zone: str) -> None:
    assert zone_of_phone(number, country) == zone


def test_zones_whose_clocks_agree_are_one() -> None:
    """A British mobile number may ring on Guernsey, where the clock shows the same."""
    zone = zone_of_phone("+44 7911 123456", None)

    assert zone in {"Europe/London", "Europe/Guernsey"}


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+61 412 345 678", None),  # an Australian mobile number
        ("+7 916 1234567", None),  # a Russian one
        ("+34 612 345678", None),  # a Spanish one: the Canary Islands are an hour behind
        ("+1 800 555 1234", None),  # toll-free, from all of North America
        ("+800 1234 5678", None),  # toll-free, from everywhere
        ("030 123456", None),  # in which country?
        ("+49 1", None),
        ("-----", "US"),
        ("+33 12345", "US"),
    ],
)
def test_any_other_number_tells_none(number: str, country: str | None) -> None:
    assert zone_of_phone(number, country) is None


@given(st.text("0123456789 ()-./+", max_size=32), st.sampled_from([None, "US", "DE", "ZZ"]))
def test_whatever_number_comes_its_zone_is_known_or_none(number: str, country: str | None) -> None:
    zone = zone_of_phone(number, country)

    assert zone is None or zone in zones.names()


@pytest.mark.parametrize(
    ("told", "zone", "source"),
    [
        ({"time_zone": "Asia/Tokyo", "country": "DE"}, "Asia/Tokyo", None),
        ({"country": "DE"}, "America/New_York", "phone"),
        ({"phone": "+800 1234 5678", "country": "DE"}, "Europe/Berlin", "country"),
        ({"phone": "+800 1234 5678", "country": "US"}, None, None),
    ],
)
def test_the_lead_says_by_what_its_zone_was_found(
    told: dict[str, str], zone: str | None, source: str | None
) -> None:
    mql = MqlReceived.model_validate({"phone": "+1 212 555 2671"} | told)

    features = lead_of(mql, "webshop", IDS).features

    assert (features.time_zone, features.zone_source) == (zone, source)
