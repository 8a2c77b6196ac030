"""Windows, as plans ask for them; `engagement.calendar.window` has their rules."""

from engagement.calendar.window import SHORTEST, Window, local_date, next_window

__all__ = ["SHORTEST", "Window", "local_date", "next_window"]
