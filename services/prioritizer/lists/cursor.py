"""Where a page of a list ends, as the opaque text that asks for the next one."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from schemas.events.fact import Frozen, Moment
from services.prioritizer.reading import refusals as reading_refusals


class Place(Frozen):
    """The place in the order after which a page begins."""

    after: Annotated[int, Field(ge=-1, lt=2**31)] = -1
    key: Annotated[int, Field(ge=-(2**63), lt=2**63)] = 0
    opens: Moment = datetime(1970, 1, 1, tzinfo=UTC)
    lapses: Moment = datetime(1970, 1, 1, tzinfo=UTC)
    id: UUID = UUID(int=0)


_PLACE = TypeAdapter(Place)


def written(place: Place) -> str:
    """The place as a cursor."""
    return base64.urlsafe_b64encode(_PLACE.dump_json(place)).decode()


def read(cursor: str | None) -> Place:
    """The place that a cursor names, the start without one. Raises Problem 422 for any other."""
    if cursor is None:
        return Place()
    try:
        return _PLACE.validate_json(base64.urlsafe_b64decode(cursor.encode()))
    except (ValidationError, binascii.Error, ValueError):
        raise reading_refusals.no_cursor() from None
