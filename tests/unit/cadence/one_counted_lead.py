"""A lead whose touches are counted as caps must count them, and held against each new plan."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from engagement.cadence.calling_back import PROMISED
from engagement.cadence.late import lapsed_before, reopened
from engagement.cadence.state import INITIAL, Active, Ended
from engagement.calendar import zones
from engagement.playbook import Playbook
from engagement.playbook.caps import Caps
from engagement.playbook.ruleset import Ruleset
from schemas.events.fact import Channel
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD
from tests.unit.cadence.ruled_playbooks import CODES
from tests.unit.cadence.test_any_order import OneLead


class OneCountedLead(OneLead):
    """The lead of any order, with its touches: when, on which of its days, on which channel, and
    whether that channel has caps of its own."""

    touches: list[tuple[datetime, date | None, Channel, bool]]
    interrupted: UUID | None

    def _its_playbook(self) -> Playbook:
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        return self.partition.playbooks.by_digest[state.enrolment.playbook_digest]

    def _rules(self) -> Ruleset:
        return self._its_playbook().ruleset[self._its_playbook().cadences[0].name]

    def _count_touch(
        self, plan_id: UUID | None, code: str, channel: Channel, made: datetime
    ) -> None:
        """As the caps must: whichever cadence runs, and also where none does."""
        state = self.partition.states.get(LEAD, INITIAL)
        playbooks = self.partition.playbooks
        zone: str | None
        if isinstance(state, Active):
            apart = playbooks.apart(self._its_playbook())
            counts = code in CODES and (
                plan_id in {None, state.plan_id, self.interrupted} or self._is_late(state, plan_id)
            )
            zone = state.enrolment.time_zone
        else:
            apart = playbooks.apart()
            open_ = state.withdrawn if isinstance(state, Ended) else None
            counts = plan_id in {None, open_}
            zone = state.time_zone if isinstance(state, Ended) else None
        if counts and apart is not None:
            day = None if zone is None else _on(made, zone)
            self.touches.append((made, day, channel, channel in apart))

    def _is_late(self, state: Active, plan_id: UUID | None) -> bool:
        if plan_id is None:
            return False
        return lapsed_before(state, plan_id) or reopened(state, plan_id) is not None

    def _caps(self, state: Active) -> Caps | None:
        playbook = self.partition.playbooks.by_digest[state.enrolment.playbook_digest]
        return playbook.ruleset[state.enrolment.cadence].caps

    def _gap(self, caps: Caps, plan: TouchPlanned) -> timedelta:
        own = caps.of(plan.channel)
        return timedelta(minutes=own.gap_minutes or 0) if own else timedelta()

    def _check_caps(self, plan: TouchPlanned) -> None:
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        days = [*self._place_touches(state.enrolment.time_zone)]
        caps = self._caps(state)
        if caps is None or plan.allowed_by == PROMISED or not self.touches:
            return
        day = _on(plan.not_before, state.enrolment.time_zone)
        assert plan.not_before >= max(made for made, *_ in self.touches) + caps.gap
        assert caps.allows(*_counts([one for one, _ in days], day))
        same_channel = [at for at, _, one, apart in self.touches if one == plan.channel and apart]
        assert not same_channel or plan.not_before >= max(same_channel) + self._gap(caps, plan)
        own = caps.of(plan.channel)
        same = [one for one, channel in days if channel == plan.channel]
        assert own is None or own.allows(*_counts(same, day))

    def _place_touches(self, zone: str) -> Iterator[tuple[date, Channel]]:
        """Each on its day; one made before the zone was known, by that of the next entry."""
        for n, (made, known, channel, apart) in enumerate(self.touches):
            day = known or _on(made, zone)
            self.touches[n] = made, day, channel, apart
            yield day, channel


def _on(moment: datetime, zone: str) -> date:
    return moment.astimezone(zones.zone(zone)).date()


def _counts(days: list[date], day: date) -> Iterator[int]:
    week = Counter(one for one in days if day - timedelta(days=7) < one <= day)
    yield week[day]
    yield week.total()
