"""The time zone that a phone number tells, looked up while the number can still be read.

Source: libphonenumber's zones by leading digits, as the `phonenumbers` package carries them.
"""

from phonenumbers import NumberParseException, parse
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
    try:
        found = time_zones_for_number(parse(normal_phone(number), country))
    except NumberParseException:
        return None
    return agreed(found) if zones.names().issuperset(found) else None
