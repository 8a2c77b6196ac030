"""Under rich calendars, too, no touch may be made at a closed moment, in any order of facts.

The calendar is asked here by the words of the playbook, moment by moment and not by windows.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from holidays import HolidayBase, country_holidays
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from engagement.cadence.calling_back import PROMISED
from engagement.cadence.state import Active
from engagement.calendar import zones
from engagement.calendar.us_states import Calling, calling
from engagement.playbook import Playbook
from engagement.playbook.calendar import Calendar
from schemas.events.fact import Features
from schemas.events.lead import LeadCreated
from schemas.events.plan import TouchPlanned
from tests.unit.cadence.facts import LEAD, published, ruled
from tests.unit.cadence.test_any_order import STARTS, ZONES
from tests.unit.cadence.test_any_order_ruled import OneRuledLead
from tests.unit.cadence.test_lawful_calls import open_between

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PLACES = (("US", "RI"), ("US", "AL"), ("US", "FL"), ("DE", "BY"), ("US", None), (None, None))


def rich(calendar: dict[str, Any], steps: dict[int, dict[str, Any]], **keys: Any) -> Playbook:
    """The seed's playbook with these keys in its calendar and its steps."""
    rules = keys.pop("rules", {})
    known = ruled(**rules).model_dump(mode="json", exclude_none=True)
    known["calendar"] |= calendar
    for number, step in steps.items():
        known["cadences"][0]["steps"][number - 1] |= step
    known["cadences"][0]["steps"] = [
        {key: value for key, value in step.items() if value is not None}
        for step in known["cadences"][0]["steps"]
    ]
    return Playbook.model_validate(known | keys)


PLAYBOOKS = (
    rich(
        {
            "lunch": "12:00-13:30",
            "holidays": ["lead", "DE"],
            "team_days": EVERY_DAY[:4],
            "closed": ["2025-03-05", "2025-03-27", "2025-12-29"],
            "hours_by_day": {"fri": "09:00-12:00", "tue": "10:00-19:00"},
        },
        {
            2: {"day": None, "after": {"hours": 2}},
            3: {"at": "14:30"},
            4: {"part": "morning"},
            5: {"hours": "11:00-15:00"},
            6: {"part": "afternoon"},
        },
        rules={"reply": "pause 2 days", "re_entry": "allow"},
    ),
    rich(
        {
            "days": EVERY_DAY,
            "hours": "07:00-22:00",
            "lunch": "12:00-13:00",
            "calling_rules": "us-states",
            "infer_zone": True,
        },
        {4: {"channel": "sms"}, 5: {"day": None, "after": {"hours": 30}}, 7: {"channel": "sms"}},
        rules={"stale_after_days": 2, "reply_elsewhere": "pause", "caps": {"per_day": 2}},
    ),
    rich(
        {"calling_rules": "us-states", "lunch": "12:00-13:00"},
        {2: {"day": None, "with_previous": True}, 3: {"part": "afternoon"}},
        rules={"re_entry": "allow", "caps": {"call": {"per_week": 2}}},
        first_touch="in-hours",
    ),
)


class OneLeadSomewhere(OneRuledLead):
    """The ruled lead, in one of these places each time it comes in."""

    @initialize(
        zone=st.sampled_from(ZONES),
        start=st.sampled_from(STARTS),
        playbook=st.sampled_from(PLAYBOOKS),
        place=st.sampled_from(PLACES),
    )
    def begin(
        self,
        zone: str | None,
        start: datetime,
        playbook: Playbook,
        place: tuple[str | None, str | None] = (None, None),
    ) -> None:
        self.place = place
        super().begin(zone, start, playbook)

    @rule(playbook=st.sampled_from(PLAYBOOKS))
    def a_playbook_is_published(self, playbook: Playbook) -> None:
        self._hear(published(playbook))

    @rule()
    def the_lead_comes_in(self) -> None:
        country, region = self.place
        features = Features(source="web", time_zone=self.zone, country=country, region=region)
        self._say(LeadCreated(**self._times(), features=features, sealed=""))

    def _check_window(self, plan: TouchPlanned, before: TouchPlanned) -> None:
        """Asked of every plan below, the first among them."""

    def _note_plan(self, plan: TouchPlanned) -> None:
        super()._note_plan(plan)
        state = self.partition.states[LEAD]
        assert isinstance(state, Active)
        playbook = self.partition.playbooks.by_digest[state.enrolment.playbook_digest]
        spans = open_between(plan)
        if plan.allowed_by == PROMISED:
            spans = [(max(opens, plan.due_at), closes) for opens, closes in spans]
        for opens_at, closes_at in spans:
            moment = opens_at
            while moment < closes_at:
                self._is_open(playbook, state, plan, moment)
                moment += timedelta(minutes=30)

    def _is_open(
        self, playbook: Playbook, state: Active, plan: TouchPlanned, moment: datetime
    ) -> None:
        calendar = playbook.calendar
        local = moment.astimezone(zones.zone(state.enrolment.time_zone))
        country, region = state.place[2:] if state.place else (None, None)
        if calendar.calling_rules and plan.channel in {"call", "sms"} and country in {"US", None}:
            law = calling(local.date(), region if country else None)
            assert isinstance(law, Calling)
            assert law.opens <= local.time() < law.closes
        any_hour = (plan.allowed_by or "").startswith(("speed_to_lead_minutes", PROMISED))
        if any_hour:
            first = next(one for one in self.plans if one.enrolment_id == plan.enrolment_id)
            taken_over = plan.step == first.step and plan.again is None
            assert plan.step <= 2 or plan.again == "callback" or plan is first or taken_over
            assert playbook.first_touch != "in-hours" or plan.again == "callback"
            return
        _in_the_hours_of(calendar, country, region, local)


@cache
def _holidays(country: str, region: str | None) -> HolidayBase:
    return country_holidays(country, subdiv=region, years=(2024, 2025, 2026, 2027))


def _in_the_hours_of(
    calendar: Calendar, country: str | None, region: str | None, local: datetime
) -> None:
    weekday = EVERY_DAY[local.weekday()]
    assert weekday in calendar.days
    assert calendar.team_days is None or weekday in calendar.team_days
    assert local.date() not in (calendar.closed or ())
    for observed in calendar.holidays or ():
        where, part = (country, region) if observed == "lead" else (observed, None)
        assert where is None or local.date() not in _holidays(where, part)
    hours = getattr(calendar.hours_by_day, weekday, None) or calendar.hours
    assert hours.opens <= local.time() < hours.closes
    lunch = calendar.lunch
    assert lunch is None or not lunch.opens <= local.time() < lunch.closes


TestOneLeadSomewhere = OneLeadSomewhere.TestCase
TestOneLeadSomewhere.settings = settings(max_examples=60, deadline=None)
