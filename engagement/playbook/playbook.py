"""The playbook: everything that a sales manager decides, as one immutable value."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engagement.playbook.cadence import Cadence
from engagement.playbook.calendar import SharedCalendar
from engagement.playbook.caps import CHANNELS
from engagement.playbook.entry import EntryRule
from engagement.playbook.experiment import Experiment, diverges_at
from engagement.playbook.model import Model, Name, refuse
from engagement.playbook.part_of_day import Hours
from engagement.playbook.parts import PARTS, Parts, narrowed
from engagement.playbook.queue import DEFAULT, Queue
from engagement.playbook.result import ResultAction, ResultCode
from engagement.playbook.ruleset import Ruleset, by_cadence
from engagement.playbook.step import Step
from engagement.playbook.team import Route, Team
from engagement.playbook.whole import misfits
from schemas.events.fact import Channel, Disposition, Features, Text


class Playbook(Model):
    """A team's cadences, result codes, calendar and entry rules.

    `content` and `digest` are the same wherever they are computed. A key that is left out does
    not enter them: a playbook keeps its digest when a later release knows more keys.
    """

    name: Name
    """What the playbook is called; lists, files and refusals name it so."""
    team: Text
    """Whose queue leads are in that no rule of `routing` takes."""
    calendar: SharedCalendar
    """When leads may be touched, and by whose clock."""
    parts: Parts | None = None
    """What morning and afternoon mean."""
    speed_to_lead_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] = 5
    """How soon after entry the first touch is due."""
    first_touch: Literal["at-once", "in-hours"] | None = None
    """At any hour that the law leaves, which is the default, or in the hours of its step alone."""
    entry: Annotated[tuple[EntryRule, ...], Field(min_length=1)]
    """Which cadence or experiment a lead enters: the first rule that it meets decides."""
    cadences: Annotated[tuple[Cadence, ...], Field(min_length=1)]
    """Which touches are made, and when."""
    results: Annotated[tuple[ResultCode, ...], Field(min_length=1)]
    """How a touch may end, and what follows."""
    rulesets: Annotated[tuple[Ruleset, ...], Field(min_length=1)] | None = None
    """What ends or pauses a cadence, how often it may touch, and who may enter again."""
    experiments: Annotated[tuple[Experiment, ...], Field(min_length=1)] | None = None
    """Cadences against each other, and against none."""
    picking: Literal[True] | None = None
    """Lets reps take another lead from the list than the next one."""
    teams: Annotated[tuple[Team, ...], Field(min_length=1)] | None = None
    """The teams, and how much they and their reps begin."""
    routing: Annotated[tuple[Route, ...], Field(min_length=1)] | None = None
    """Which team's a lead is: the first rule that it meets decides."""
    queue: Queue | None = None
    """Who is served first."""

    @classmethod
    @lru_cache(maxsize=256)
    def from_content(cls, content: str) -> "Playbook":
        """The playbook that this JSON says; raises pydantic's ValidationError if it says none.

        The very same one for every partition: what is looked up by it is found by identity.
        """
        return cls.model_validate_json(content)

    @cached_property
    def content(self) -> str:
        """Canonical JSON: keys sorted, no blanks, nothing that is not set."""
        known = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, as hex."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @cached_property
    def actions(self) -> Mapping[str, ResultAction]:
        """What each result code leads to."""
        return {result.code: result.action for result in self.results}

    @cached_property
    def exits(self) -> Mapping[str, Disposition]:
        """As what a lead is closed by each result code that says it."""
        return {one.code: one.exit for one in self.results if one.exit is not None}

    @cached_property
    def calling_back(self) -> frozenset[str]:
        """The result codes that keep a promised callback."""
        return frozenset(
            result.code for result in self.results if result.action == "schedule-callback"
        )

    @cached_property
    def waits(self) -> Mapping[str, timedelta]:
        """How long the same touch waits after each result code that lets it wait."""
        return {result.code: result.wait for result in self.results}

    @cached_property
    def delaying(self) -> Mapping[str, ResultCode]:
        """The result codes after which the next step waits, whatever its own moment is."""
        codes = (one for one in self.results if one.action == "next-touch")
        return {one.code: one for one in codes if one.wait or one.days}

    @cached_property
    def tries(self) -> Mapping[str, int | None]:
        """How often a step is touched at most before each result code goes on to the next one."""
        return {result.code: result.tries for result in self.results}

    @cached_property
    def ruleset(self) -> Mapping[str, Ruleset]:
        """The rules around each cadence, by its name."""
        return by_cadence(self.rulesets or (), tuple(self.cadence))

    @cached_property
    def spaced(self) -> frozenset[Channel] | None:
        """The channels with a gap of their own under some ruleset; nothing where none has caps."""
        capped = [one.caps for one in self.rulesets or () if one.caps is not None]
        spaced = (one for caps in capped for one in CHANNELS if caps.gap_on(one))
        return frozenset(spaced) if capped else None

    @cached_property
    def restarts(self) -> bool:
        """Whether a running lead may start anew, in any cadence."""
        return any(rules.re_entry == "allow" for rules in self.ruleset.values())

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The result codes, in the manager's order."""
        return tuple(self.actions)

    @cached_property
    def cadence(self) -> Mapping[str, Cadence]:
        """The cadences by name."""
        return {cadence.name: cadence for cadence in self.cadences}

    @cached_property
    def speed_to_lead(self) -> timedelta:
        """How soon after entry the first touch is due."""
        return timedelta(minutes=self.speed_to_lead_minutes)

    @property
    def order(self) -> Queue:
        """The order of the queue for leads of this playbook."""
        return self.queue or DEFAULT

    @cached_property
    def experiment(self) -> Mapping[str, Experiment]:
        """The experiments by name."""
        return {experiment.name: experiment for experiment in self.experiments or ()}

    @cached_property
    def divergence(self) -> Mapping[str, int | None]:
        """The step at which the arms of each experiment begin to differ, by its name."""
        return {
            name: diverges_at(experiment, self.cadence, self.ruleset)
            for name, experiment in self.experiment.items()
        }

    def entry_for(self, features: Features) -> EntryRule:
        """The rule by which a lead with these features enters: the first one that it meets."""
        return next(rule for rule in self.entry if rule.meets(features))

    def team_for(self, features: Features) -> str:
        """Whose queue a lead with these features is in: by the first rule that it meets."""
        routes = (route for route in self.routing or () if route.when.hold(features))
        return next((route.team for route in routes), self.team)

    def hours_of(self, step: Step) -> Hours:
        """When in the day a step may be taken that says its own moment."""
        return narrowed(step, self.parts or PARTS, self.calendar.hours) or self.calendar.hours

    @model_validator(mode="after")
    def _whole(self) -> "Playbook":
        refuse(misfits(self))
        return self
