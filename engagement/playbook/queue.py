"""The order of the queue: its tiers, and the usual ones."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from engagement.playbook.model import Model, broken
from engagement.playbook.tier import Tier
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned

PLACES = 8
"""Tiers that a queue may have: the question reads each of them by an index of its own."""


class Queue(Model):
    """The tiers in the order of service. A touch is in the first whose `when` it meets.

    One tier has no `when`, and takes what no other one takes.
    """

    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=PLACES)]
    """The tiers, the first to be served first."""

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Each tier's place, by its name."""
        return {tier.name: place for place, tier in enumerate(self.tiers)}

    @cached_property
    def content(self) -> str:
        """As JSON, for whoever reads decisions without playbooks."""
        return self.model_dump_json(exclude_none=True)

    def is_urgent(self, tier: str) -> bool:
        """Whether touches of the tier with this name are for the first rep who is free."""
        return any(one.urgent for one in self.tiers if one.name == tier)

    def tier_for(self, plan: TouchPlanned, features: Features) -> Tier:
        """The tier of this touch, when it opens."""
        met = (one for one in self.tiers if one.when and one.when.hold(plan, features))
        return next(met, self._rest)

    @cached_property
    def _rest(self) -> Tier:
        return next(one for one in self.tiers if one.when is None)

    @model_validator(mode="after")
    def _whole(self) -> "Queue":
        names = [tier.name for tier in self.tiers]
        if len(set(names)) < len(names):
            raise broken("a tier is named twice", "rename one tier", "tiers")
        if len([tier for tier in self.tiers if tier.when is None]) != 1:
            rule = "one tier, and only one, takes what no other one takes"
            raise broken(rule, "leave `when` out in one, and give every other a `when`", "tiers")
        for index, tier in enumerate(self.tiers):
            self._check_then(tier, names, index)
        return self

    def _check_then(self, tier: Tier, names: Collection[str], index: int) -> None:
        if tier.then is None:
            return
        others = [one.name for one in self.tiers if one.then is None]
        if tier.then not in others:
            rule = "no such tier" if tier.then not in names else "a touch goes on once only"
            fix = f"use one without a `then`: {', '.join(others)}" if others else "leave it out"
            raise broken(rule, fix, "tiers", index, "then")


DEFAULT = Queue.model_validate(
    {
        "tiers": [
            {
                "name": "callback",
                "when": {"again": "callback"},
                "by": "not_before",
                "urgent": True,
                "says": "the lead was promised a call; the one promised first comes first",
            },
            {
                "name": "new",
                "when": {"untouched": True},
                "first": "newest",
                "by": "entered",
                "windows": [5, 15, 30, 60],
                "then": "never-touched",
                "urgent": True,
                "says": "nobody has touched this lead since it came in; the newest comes first",
            },
            {
                "name": "retry",
                "when": {"again": "retry"},
                "says": "its last touch is to be tried again soon; the one due first comes first",
            },
            {
                "name": "never-touched",
                "when": {"untouched": True},
                "by": "entered",
                "says": "nobody touched it while it was new; who waits longest comes first",
            },
            {
                "name": "due",
                "says": "its next touch is due; the one due first comes first",
            },
            {
                "name": "end-of-queue",
                "when": {"again": "end-of-queue"},
                "by": "planned",
                "says": "put behind all others; the one touched longest ago comes first",
            },
        ]
    }
)
"""The order where a playbook says none: promised calls; leads that came in within the hour, by the
usual marks of speed to lead; retries; leads that nobody touched in time; the steps that follow;
and what a result put to the end."""
