"""Arrivals for a fold that is tested without the broker."""

from dataclasses import dataclass
from typing import Any

from schemas.envelope import Event
from services.runtime.fold.fold import Arrival


@dataclass(frozen=True)
class Lying:
    """A record of which only the place matters."""

    partition: int
    topic: str = ""
    offset: int = 0
    timestamp: int = 0
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def arrived(*events: Event[Any], partition: int = 0) -> list[Arrival]:
    """The events as they would come from this partition."""
    return [Arrival(event, Lying(partition)) for event in events]
