"""Whether a calendar ever opens: a playbook that waits for ever is refused before it is used."""

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engagement.calendar import us_states
from engagement.calendar.place import Place
from engagement.calendar.rules import rules_of
from schemas.events.fact import Channel

if TYPE_CHECKING:
    from engagement.playbook.calendar import Calendar
    from engagement.playbook.part_of_day import Hours

HORIZON = timedelta(days=800)
"""More than closed dates and holidays can cover, where weekdays and hours leave a window."""

_BEGIN = date(2024, 1, 1)


def never_opens(calendar: "Calendar", hours: "Hours", channel: Channel) -> str | None:
    """Where these hours leave no window on any day, and which rule closes most days.

    Nothing where they open everywhere. With calling rules, every state is asked on its own.
    """
    for place in _places(calendar):
        closed = _closed(calendar, hours, channel, place)
        if closed is not None:
            where = f" in US-{place.region}" if place.region else ""
            return f"never opens for a touch by {channel}{where}: {closed}"
    return None


def _places(calendar: "Calendar") -> list[Place]:
    anywhere = Place(calendar.time_zone, "playbook", None, None)
    if calendar.calling_rules is None:
        return [anywhere]
    regions = sorted(us_states.states())
    return [anywhere, *(anywhere._replace(country="US", region=region) for region in regions)]


def _closed(calendar: "Calendar", hours: "Hours", channel: Channel, place: Place) -> str | None:
    """The rule that closes most days, where they are all closed."""
    rules: Counter[str] = Counter()
    for number in range(HORIZON.days):
        day = rules_of(calendar, hours, place, channel, _BEGIN + timedelta(days=number))
        if day.parts:
            return None
        rules[day.rule] += 1
    return rules.most_common(1)[0][0]
