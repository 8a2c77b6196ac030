"""Leads are dealt to arms by their id alone, in proportion, and stay where they were dealt."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from engagement.experiment.assignment import Assigned, arm_of, bucket, dealt
from engagement.playbook.experiment import Experiment
from schemas.envelope import derived_id

LEADS = [derived_id("lead", str(number)) for number in range(20_000)]


def experiment(*weights: int, holdout: int | None = None, salt: str | None = None) -> Experiment:
    arms = [{"cadence": f"c{number}", "weight": weight} for number, weight in enumerate(weights)]
    known = {"name": "tempo", "salt": salt, "arms": arms, "holdout": holdout}
    return Experiment.model_validate(known)


def test_the_bucket_of_a_lead_is_pinned() -> None:
    """A release that dealt otherwise would move every lead that comes in again."""
    lead = UUID("35c5c2df-5bd1-596b-bd88-efbdf83d4963")
    assert bucket(experiment(50, 50), lead) == 86
    assert bucket(experiment(50, 50, salt="2026-03"), lead) == 68


def test_leads_are_dealt_in_proportion_to_the_weights() -> None:
    dealt_to = Counter(dealt(experiment(60, 30, holdout=10), lead) for lead in LEADS)
    shares = {arm: count / len(LEADS) for arm, count in dealt_to.items()}
    assert shares.keys() == {"c0", "c1", "holdout"}
    # five standard deviations of a binomial share of 20,000 are below 0.018
    for arm, share in (("c0", 0.6), ("c1", 0.3), ("holdout", 0.1)):
        assert abs(shares[arm] - share) < 0.018


def test_another_salt_deals_independently_of_the_first() -> None:
    one, other = experiment(50, 50), experiment(50, 50, salt="again")
    both = Counter((dealt(one, lead), dealt(other, lead)) for lead in LEADS)
    assert len(both) == 4
    assert all(abs(count / len(LEADS) - 0.25) < 0.016 for count in both.values())


@given(st.uuids(), st.integers(1, 98))
def test_a_lead_stays_in_its_arm_when_weights_change(lead: UUID, weight: int) -> None:
    before = dealt(experiment(50, 50), lead)
    known = Assigned("tempo", None, before)
    assert arm_of(experiment(weight, 99 - weight, holdout=1), lead, known) == before


@given(st.uuids())
def test_a_lead_is_dealt_anew_by_another_salt_and_where_its_arm_is_gone(lead: UUID) -> None:
    known = Assigned("tempo", None, "holdout")
    for changed in (experiment(50, 50), experiment(50, 40, holdout=10, salt="again")):
        assert arm_of(changed, lead, known) == dealt(changed, lead)
