"""When touches are made for which nobody was there, as the whole team had time off."""

from datetime import datetime, timedelta
from typing import NamedTuple

NO_TIME = timedelta(0)


class Closure(NamedTuple):
    """A team works from `ends_at` on again, and did up to `begins_at`."""

    begins_at: datetime
    ends_at: datetime

    def goes_on(self, opens_at: datetime, *, waits: bool) -> datetime:
        """When a touch may be made that would open at this moment.

        As long after the end as it would have been after the beginning, so that the days after a
        return are as full as those before. Who `waits` for the team, a new lead or one with a
        promised call, comes first of all, and so does what was open when it began. What opens
        later than the end stays where it is.
        """
        if opens_at >= self.ends_at:
            return opens_at
        return self.ends_at + (NO_TIME if waits else max(opens_at - self.begins_at, NO_TIME))
