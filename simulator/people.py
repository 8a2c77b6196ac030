"""Made-up people: the same seed and number always give the same person."""

import random
from dataclasses import dataclass

FIRST = ("Ana", "Ben", "Chiara", "Deniz", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kemi")
LAST = ("Abel", "Brandt", "Costa", "Duarte", "Eriksen", "Fischer", "Garcia", "Hale", "Ivanov")
COMPANIES = (
    "Joe's Garage",
    "Harbour Dental",
    "Nordlicht Cycles",
    "Alta Roofing",
    "Mill Lane Vets",
)
PLACES = (
    ("CA", "America/Toronto", "+1416555"),
    ("CA", "America/Vancouver", "+1604555"),
    ("DE", "Europe/Berlin", "+4930555"),
    ("GB", "Europe/London", "+4420555"),
)
"""No Americans: calling rules close their nights, and a demo runs at any hour."""


@dataclass(frozen=True, slots=True)
class Person:
    """One lead-to-be; e-mail addresses lie under example.com, which belongs to nobody."""

    number: int
    first_name: str
    last_name: str
    email: str
    phone: str
    company: str
    country: str
    time_zone: str


def person(seed: int, number: int, salt: str = "") -> Person:
    """The `number`-th person of `seed`; with another salt, somebody else of the same name."""
    chance = random.Random(f"{seed}/{number}")
    first, last = chance.choice(FIRST), chance.choice(LAST)
    country, time_zone, prefix = chance.choice(PLACES)
    return Person(
        number,
        first,
        last,
        f"{first}.{last}.{seed}.{number}{salt}@example.com".lower(),
        f"{prefix}{number % 10_000:04d}",
        chance.choice(COMPANIES),
        country,
        time_zone,
    )
