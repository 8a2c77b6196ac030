"""A lead as a command names it: where it is, and when it comes in."""

import re
from datetime import UTC, datetime
from typing import Annotated

import typer

from engagement import zones
from schemas.events.fact import Features

LeadZone = Annotated[
    str | None,
    typer.Option(help="The lead's time zone.", show_default="what the calendar makes of it"),
]
LeadPlace = Annotated[
    str | None, typer.Option(help="The lead's country and region, such as DE or US-FL.")
]
Entered = Annotated[
    str, typer.Option(help="When the lead enters, in ISO 8601; without an offset it is UTC.")
]

_PLACE = re.compile(r"([A-Z]{2})(?:-(.+))?")


def features(time_zone: str | None, where: str | None) -> Features:
    """What rules look at in such a lead; raises ValueError for an unknown zone or no country."""
    if time_zone is not None and time_zone not in zones.names():
        raise ValueError("--lead-zone: not an IANA time zone; write one such as Europe/Berlin")
    found = _PLACE.fullmatch(where) if where is not None else None
    if where is not None and found is None:
        raise ValueError("--lead-place: not a country or region; write one such as DE or US-FL")
    country, region = found.groups() if found is not None else (None, None)
    return Features(source="sample", time_zone=time_zone, country=country, region=region)


def moment(text: str) -> datetime:
    """The moment that `text` says; raises ValueError where it says none."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("--entered: not a moment; write one as 2026-03-27T16:00Z") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
