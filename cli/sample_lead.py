"""A lead as a command names it: where it is, and when it comes in."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from engagement import zones
from schemas.events.fact import ChannelConsent, Features

LeadZone = Annotated[
    str | None,
    typer.Option(help="The lead's time zone.", show_default="what the calendar makes of it"),
]
LeadPlace = Annotated[
    str | None, typer.Option(help="The lead's country and region, such as DE or US-FL.")
]
Entered = Annotated[
    str | None,
    typer.Option(
        help="When the lead enters, in ISO 8601; without an offset it is UTC.", show_default="now"
    ),
]

Told = Annotated[
    list[str] | None,
    typer.Option(
        "--lead",
        metavar="KEY=VALUE",
        help="What else rules look at, as score=80 or consent.sms=denied; repeatable.",
    ),
]

KEYS = (
    *("source", "campaign", "mail", "score", "language"),
    *(f"consent.{channel}" for channel in ChannelConsent.model_fields),
)
"""What may be told of a lead besides zone and place."""

_PLACE = re.compile(r"([A-Z]{2})(?:-(.+))?")
_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "mail": "write business or free",
        "score": "write a whole number from 0 to 100",
        "language": "write two letters such as de",
        "consent": "write granted, denied or unknown",
    }
)


def features(time_zone: str | None, where: str | None, told: Sequence[str] = ()) -> Features:
    """What rules look at in such a lead; raises ValueError for what no lead can be."""
    if time_zone is not None and time_zone not in zones.names():
        raise ValueError("--lead-zone: not an IANA time zone; write one such as Europe/Berlin")
    found = _PLACE.fullmatch(where) if where is not None else None
    if where is not None and found is None:
        raise ValueError("--lead-place: not a country or region; write one such as DE or US-FL")
    country, region = found.groups() if found is not None else (None, None)
    known = {"source": "sample", "time_zone": time_zone, "country": country, "region": region}
    return _lead({**known, **_parts(told)})


def _parts(told: Sequence[str]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for one in told:
        key, _, value = one.partition("=")
        if key not in KEYS or not value:
            known = ", ".join(KEYS)
            raise ValueError(f"--lead {one}: not KEY=VALUE; the keys are {known}")
        part, _, channel = key.partition(".")
        parts[part] = {**parts.get(part, {}), channel: value} if channel else value
    return parts


def _lead(known: Mapping[str, Any]) -> Features:
    try:
        lead = Features.model_validate(known)
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise ValueError(f"--lead {key}: {_WHAT.get(key, 'not a short text')}") from None
    if lead.score is not None and not 0 <= lead.score <= 100:
        raise ValueError(f"--lead score: {_WHAT['score']}")
    return lead


def moment(text: str | None) -> datetime:
    """The moment that `text` says, now without one; raises ValueError where it says none."""
    if text is None:
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("--entered: not a moment; write one as 2026-03-27T16:00Z") from None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
