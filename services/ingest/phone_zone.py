"""What a phone number tells: its international form and, while it can be read, its time zone.

Source: libphonenumber's plans of numbers and zones, as the `phonenumbers` package carries them.
"""

from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    parse,
)
from phonenumbers.timezone import time_zones_for_number

from engagement import zones
from engagement.calendar.countries import agreed
from services.ingest.identity import normal_phone


def zone_of_phone(number: str, country: str | None) -> str | None:
    """The zone whose clock every place shows that the number may belong to.

    A national number is read as one of `country`, which is ISO 3166-1. Nothing for a number that
    is none, or that a whole country of several times shares, as most mobile numbers there do: a
    guess would ring people out of bed.
    """
    read = _read(number, country)
    found = time_zones_for_number(read) if read is not None else ()
    return agreed(found) if zones.names().issuperset(found) else None


def e164(number: str, country: str | None) -> str | None:
    """The number as + and digits, a national one as one of `country`; nothing if it is none."""
    read = _read(number, country)
    return None if read is None else format_number(read, PhoneNumberFormat.E164)


@lru_cache(maxsize=256)
def _read(number: str, country: str | None) -> PhoneNumber | None:
    """Asked twice of each lead that comes in."""
    try:
        return parse(normal_phone(number), country)
    except NumberParseException:
        return None
