"""Who is served first."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from engagement.priority import REASONS, TIERS, rank
from schemas.events.decision import TouchPlanned

NOW = datetime(2025, 3, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def planned(attempts: int = 0, recorded_at: datetime = NOW, due_in: int = 5) -> TouchPlanned:
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
    assert [rank(planned(attempts)).tier for attempts in (0, 1)] == list(TIERS)


@given(
    st.integers(0, 3),
    st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1)),  # noqa: DTZ001
)
def test_a_rank_fits_a_bigint(attempts: int, naive: datetime) -> None:
    plan = planned(attempts, naive.replace(tzinfo=UTC))
    assert -(2**63) <= rank(plan).order_key < 2**63
