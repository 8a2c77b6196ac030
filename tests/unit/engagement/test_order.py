"""Whatever order a playbook says: total, stable, and the same as one found the slow way."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from engagement.playbook.queue import Queue
from engagement.playbook.tier import Tier
from engagement.priority import Known, Rank, rank
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned
from tests.unit.engagement.test_priority import HOUR, MINUTE, NOW, planned

SCORED = {"name": "big", "when": {"lead": {"score_at_least": 50}}, "minutes": 20}
TIRED = {"name": "tired", "when": {"attempts_at_least": 3}, "minutes": -30}
MORNING = {"name": "morning", "when": {"opens": "09:00-12:00"}, "minutes": 10}
CONDITIONS: list[dict[str, Any]] = [
    {"again": "callback"},
    {"untouched": True},
    {"attempts_at_most": 2},
    {"channel": "email"},
    {"lead": {"source": "shopify"}},
]
minutes = some.integers(-600, 600).map(lambda n: NOW + n * MINUTE)
features = some.builds(
    Features,
    source=some.sampled_from(("shopify", "web")),
    score=some.one_of(some.none(), some.integers(0, 100)),
)


@some.composite
def queues(draw: some.DrawFn) -> Queue:
    met = draw(some.lists(some.sampled_from(CONDITIONS), min_size=1, max_size=4))
    rest = draw(some.integers(0, len(met)))
    tiers: list[dict[str, Any]] = [draw(tiers_with(when)) for when in met]
    tiers.insert(rest, draw(tiers_with(None)))
    named = [{**tier, "name": f"tier-{n}"} for n, tier in enumerate(tiers)]
    ends = [tier["name"] for tier in named if "windows" not in tier]
    for tier in named:
        if "windows" in tier and ends:
            tier["then"] = draw(some.sampled_from(ends))
    return Queue.model_validate({"tiers": named})


def tiers_with(when: dict[str, Any] | None) -> some.SearchStrategy[dict[str, Any]]:
    return some.fixed_dictionaries(
        {
            "first": some.sampled_from(("oldest", "newest")),
            "by": some.sampled_from(("entered", "opened", "not_before", "due", "planned")),
        }
        | ({"when": some.just(when)} if when else {}),
        optional={
            "windows": some.sampled_from(([5, 15, 30, 60], [20])),
            "terms": some.sampled_from(([SCORED], [SCORED, TIRED], [MORNING])),
        },
    )


@some.composite
def touches(draw: some.DrawFn) -> tuple[Known, TouchPlanned]:
    entered, opens = draw(minutes), draw(minutes)
    plan = planned(
        draw(some.integers(0, 4)),
        draw(some.integers(0, 90)),
        lead_id=UUID(int=draw(some.integers(1, 2**100))),
        not_before=opens,
        lapses_at=opens + draw(some.integers(1, 300)) * MINUTE,
        recorded_at=draw(minutes),
        channel=draw(some.sampled_from(("call", "email"))),
        again=draw(some.sampled_from((None, "callback", "retry"))),
        local_time=opens.isoformat(timespec="minutes"),
    )
    return Known(draw(features), entered, min(entered, opens)), plan


def served(rank: Rank, plan: TouchPlanned, at: datetime) -> tuple[Any, ...]:
    """The order of service."""
    place = rank.at(at)
    tie = plan.not_before, plan.lapses_at, plan.lead_id
    return place.tier_order, place.order_key, *tie


def slowly(queue: Queue, known: Known, plan: TouchPlanned, at: datetime) -> tuple[Any, ...]:
    """The same order from the rules as they are written: by who has the higher score now."""
    tiers = list(queue.tiers)
    tier = next((one for one in tiers if one.when and one.when.hold(plan, known.features)), None)
    tier = tier or next(one for one in tiers if one.when is None)
    first = plan.attempts == 0 and plan.again is None
    age = at - (known.opened_at if first else plan.not_before)
    if tier.then and tier.windows and age >= tier.windows[-1] * MINUTE:
        tier = next(one for one in tiers if one.name == tier.then)
    return tiers.index(tier), -_score(tier, known, plan, at), *_tie(plan)


def _score(tier: Tier, known: Known, plan: TouchPlanned, at: datetime) -> timedelta:
    since = {
        "entered": known.entered_at,
        "opened": known.opened_at,
        "not_before": plan.not_before,
        "due": plan.due_at,
        "planned": plan.recorded_at,
    }[tier.by]
    waited = at - since
    held = [one for one in tier.terms or () if one.when.hold(plan, known.features)]
    return (waited if tier.first == "oldest" else -waited) + sum(
        one.minutes for one in held
    ) * MINUTE


def _tie(plan: TouchPlanned) -> tuple[Any, ...]:
    return plan.not_before, plan.lapses_at, plan.lead_id


@given(queues(), some.lists(touches(), max_size=12, unique_by=lambda one: one[1].lead_id), minutes)
def test_at_any_moment_the_order_is_the_one_that_the_rules_say(
    queue: Queue, leads: list[tuple[Known, TouchPlanned]], at: datetime
) -> None:
    ready = [one for one in leads if one[1].not_before <= at < one[1].lapses_at]
    by_rank = sorted(ready, key=lambda one: served(rank(queue, *one), one[1], at))
    assert by_rank == sorted(ready, key=lambda one: slowly(queue, one[0], one[1], at))
    places = [served(rank(queue, *one), one[1], at) for one in leads]
    assert len(set(places)) == len(places)


@given(queues(), touches(), touches(), minutes, some.integers(0, 600))
def test_who_is_first_of_a_tier_stays_so_while_both_are_in_it(
    queue: Queue,
    one: tuple[Known, TouchPlanned],
    other: tuple[Known, TouchPlanned],
    at: datetime,
    later: int,
) -> None:
    first, second = rank(queue, *one), rank(queue, *other)
    then = at + later * MINUTE
    if first.at(at).tier == first.at(then).tier == second.at(at).tier == second.at(then).tier:
        before = first.at(at).order_key < second.at(at).order_key
        assert (first.at(then).order_key < second.at(then).order_key) == before


@given(queues(), touches(), some.integers(-(24 * 60), 24 * 60))
def test_a_touch_goes_on_once_at_a_moment_when_it_may_be_made(
    queue: Queue, one: tuple[Known, TouchPlanned], offset: int
) -> None:
    found, plan = rank(queue, *one), one[1]
    if found.until is None:
        assert found.at(NOW + offset * MINUTE) == found.place
    else:
        assert plan.not_before < found.until < plan.lapses_at
        assert found.at(found.until) == found.later != found.at(found.until - MINUTE / 60)


@given(queues(), touches())
def test_a_place_fits_a_bigint_and_the_table(
    queue: Queue, one: tuple[Known, TouchPlanned]
) -> None:
    found = rank(queue, *one)
    for place in filter(None, (found.place, found.later)):
        assert -(2**63) <= place.order_key < 2**63
        assert queue.tiers[place.tier_order].name == place.tier


def test_a_term_counts_as_so_many_minutes_of_waiting() -> None:
    tiers = [{"name": "all", "by": "not_before", "terms": [SCORED]}]
    queue = Queue.model_validate({"tiers": tiers})
    big = Known(Features(source="web", score=50), NOW, NOW)
    small = Known(Features(source="web", score=49), NOW, NOW)
    here = rank(queue, big, planned(1, not_before=NOW)).place
    for offset, comes_first in ((-19, True), (-21, False)):
        plan = planned(1, not_before=NOW + offset * MINUTE, lapses_at=NOW + HOUR)
        assert (here.order_key < rank(queue, small, plan).place.order_key) is comes_first
    assert [term.name for term in here.terms] == ["big"]
