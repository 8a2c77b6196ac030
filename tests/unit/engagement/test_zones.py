"""Zones come from the locked package."""

from datetime import UTC, datetime

import pytest

from engagement import zones


def test_every_known_name_has_a_zone() -> None:
    for name in zones.names():
        assert str(zones.zone(name)) == name


@pytest.mark.parametrize("name", ["", "..", "../zones", "posix/Europe/Berlin", "europe/berlin"])
def test_what_is_no_name_is_not_known(name: str) -> None:
    assert name not in zones.names()


def test_a_zone_knows_its_summer() -> None:
    noon = datetime(2025, 7, 1, 12, tzinfo=UTC)
    assert noon.astimezone(zones.zone("Europe/Berlin")).hour == 14
