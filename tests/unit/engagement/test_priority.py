"""Who is served first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from engagement.priority import REASONS, TIERS, rank
from schemas.events.decision import Again, TouchPlanned

NOW = datetime(2025, 3, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def planned(
    attempts: int = 0,
    recorded_at: datetime = NOW,
    due_in: int = 5,
    again: Again | None = None,
) -> TouchPlanned:
    return TouchPlanned(
        lead_id=UUID(int=1),
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        enrolment_id=UUID(int=2),
        plan_id=UUID(int=3),
        step=attempts + 1,
        steps=9,
        attempts=attempts,
        channel="call",
        activity="Call",
        not_before=recorded_at,
        due_at=recorded_at + due_in * MINUTE,
        lapses_at=recorded_at + timedelta(days=1),
        result_codes=("NOANSWER",),
        again=again,
    )


def order(plan: TouchPlanned) -> tuple[int, int]:
    """What a queue sorts by."""
    return rank(plan).tier_order, rank(plan).order_key


def test_a_lead_that_nobody_touched_comes_before_one_that_is_overdue() -> None:
    assert order(planned()) < order(planned(attempts=1, due_in=-9999))


def test_the_newest_of_the_new_comes_first() -> None:
    assert order(planned(recorded_at=NOW + MINUTE)) < order(planned())


def test_the_first_due_of_the_others_comes_first() -> None:
    assert order(planned(attempts=1, due_in=1)) < order(planned(attempts=1, due_in=2))


def test_every_tier_has_its_reason_and_its_order() -> None:
    assert set(REASONS) == set(TIERS)
    plans = [
        planned(attempts=1, again="callback"),
        planned(),
        planned(attempts=1, again="retry"),
        planned(attempts=1),
        planned(attempts=1, again="end-of-queue"),
    ]
    assert [rank(plan).tier for plan in plans] == list(TIERS)
    assert sorted(plans, key=order) == plans


def test_a_promised_call_comes_before_a_new_lead_even_where_nobody_touched_it() -> None:
    assert order(planned(again="callback", due_in=9999)) < order(planned())


def test_the_first_to_be_tried_again_comes_first() -> None:
    soon, later = (planned(attempts=1, again="retry", due_in=due) for due in (1, 2))
    assert order(soon) < order(later)


def test_at_the_end_of_the_queue_the_one_touched_longest_ago_comes_first() -> None:
    first = planned(attempts=1, again="end-of-queue", due_in=9)
    last = planned(attempts=1, again="end-of-queue", recorded_at=NOW + MINUTE, due_in=1)
    assert order(first) < order(last)


@given(
    st.integers(0, 3),
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001
)
def test_a_rank_fits_a_bigint(attempts: int, naive: datetime) -> None:
    plan = planned(attempts, naive.replace(tzinfo=UTC))
    assert -(2**63) <= rank(plan).order_key < 2**63
