"""Time zones, where ingest looks for them; `engagement.calendar.zones` has their rules."""

from engagement.calendar.zones import names, zone

__all__ = ["names", "zone"]
