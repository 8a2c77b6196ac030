"""Where a touch stands by the usual order, which holds where a playbook says none."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engagement.playbook.queue import DEFAULT
from engagement.priority import Known, Rank, bucket, rank
from schemas.events.fact import Features
from schemas.events.plan import TouchPlanned

NOW = datetime(2025, 3, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FEATURES = Features(source="web-form", country="DE", score=80)


def planned(attempts: int = 0, due_in: int = 5, **changes: Any) -> TouchPlanned:
    plan = {
        "lead_id": UUID(int=1),
        "occurred_at": NOW,
        "recorded_at": NOW,
        "enrolment_id": UUID(int=2),
        "plan_id": UUID(int=3),
        "step": attempts + 1,
        "steps": 9,
        "attempts": attempts,
        "channel": "call",
        "activity": "Call",
        "not_before": NOW,
        "due_at": NOW + due_in * MINUTE,
        "lapses_at": NOW + timedelta(days=1),
        "result_codes": ("NOANSWER",),
    }
    return TouchPlanned.model_validate(plan | changes)


def ranked(
    plan: TouchPlanned, entered_at: datetime = NOW, opened_at: datetime | None = None
) -> Rank:
    return rank(DEFAULT, Known(FEATURES, entered_at, opened_at or entered_at), plan)


def order(rank: Rank, at: datetime = NOW) -> tuple[int, int]:
    """What a queue sorts by at a moment."""
    place = rank.at(at)
    return place.tier_order, place.order_key


def test_the_tiers_come_in_the_agreed_order() -> None:
    plans = [
        planned(again="callback", due_in=9_999),
        planned(),
        planned(1, again="retry"),
        planned(),
        planned(1, due_in=-9_999),
        planned(1, again="end-of-queue"),
    ]
    entered = [NOW, NOW, NOW, NOW - 2 * HOUR, NOW, NOW]
    ranks = [ranked(plan, at) for plan, at in zip(plans, entered, strict=True)]
    assert [one.place.tier for one in ranks] == list(DEFAULT.place)
    assert sorted(ranks, key=order) == ranks


def test_the_newest_of_the_new_comes_first() -> None:
    assert order(ranked(planned(), NOW)) < order(ranked(planned(), NOW - MINUTE))


def test_after_its_last_window_a_new_lead_stands_with_the_never_touched() -> None:
    one = ranked(planned())
    assert one.until == NOW + HOUR
    assert one.at(NOW + HOUR - MINUTE).tier == "new"
    assert one.at(NOW + HOUR).tier == "never-touched"


def test_among_the_never_touched_the_one_that_waits_longest_comes_first() -> None:
    later, sooner = ranked(planned(), NOW - MINUTE), ranked(planned(), NOW - 2 * MINUTE)
    assert order(later) < order(sooner)
    assert order(sooner, NOW + HOUR) < order(later, NOW + HOUR)


def test_no_window_begins_before_the_lead_may_be_touched() -> None:
    """A lead of the night is as new in the morning as one that comes in then."""
    assert ranked(planned(), NOW - 9 * HOUR, NOW).until == NOW + HOUR


def test_an_untouched_lead_that_is_planned_anew_is_not_new_again() -> None:
    anew = planned(not_before=NOW + 9 * HOUR, recorded_at=NOW + 9 * HOUR)
    assert ranked(anew).place.tier == "never-touched"
    assert ranked(anew).until is None


def test_a_new_lead_that_lapses_within_its_windows_goes_nowhere() -> None:
    assert ranked(planned(lapses_at=NOW + HOUR)).later is None


def test_a_promised_call_comes_before_a_new_lead_even_where_nobody_touched_it() -> None:
    assert order(ranked(planned(again="callback", due_in=9999))) < order(ranked(planned()))


def test_of_the_others_the_one_due_first_comes_first() -> None:
    for again in (None, "retry"):
        soon, later = (ranked(planned(1, due, again=again)) for due in (1, 2))
        assert order(soon) < order(later)


def test_at_the_end_of_the_queue_the_one_touched_longest_ago_comes_first() -> None:
    first = ranked(planned(1, 9, again="end-of-queue"))
    last = ranked(planned(1, 1, again="end-of-queue", recorded_at=NOW + MINUTE))
    assert order(first) < order(last)


def test_a_promised_call_and_a_new_lead_are_for_the_first_who_is_free() -> None:
    urgent = [name for name in DEFAULT.place if bucket(DEFAULT.is_urgent(name), False) == "urgent"]
    assert urgent == ["callback", "new"]
    assert bucket(True, True) == "personal"
    assert bucket(False, False) == "shared"
