"""A lead who came in under these rules."""

from tests.unit.cadence.facts import created, plan, published, ruled
from tests.unit.cadence.spec import Given, given

ENTRY = created("03-03 10:00")  # a Monday
AGAIN = created("03-05 11:00")
FIRST = plan(ENTRY, 1)


def under(**rules: object) -> Given:
    """It came in, and its first touch is planned."""
    return given(published(ruled(**rules)), ENTRY)
