"""The reason of a choice, as a rep reads it."""

import pytest
from pydantic import TypeAdapter

from engagement.priority import REASONS, TIERS, Tier
from schemas.events.fact import Text
from services.prioritizer.why import Why


def why(seconds: int = 12, others: int = 3) -> Why:
    return Why(tier="new", tier_order=0, order_key=-1, waited_seconds=seconds, others=others)


def test_the_words_name_tier_wait_and_company() -> None:
    assert why().words == f"new: {REASONS['new']}; waiting 12 s; before 3 others"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (86_400, "1 d"), (200_000, "2 d")],
)
def test_a_wait_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert f"; waiting {words};" in why(seconds=seconds).words


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0, "no other lead is due"),
        (1, "before 1 other"),
        (2, "before 2 others"),
        (100, "before 100 or more others"),
    ],
)
def test_the_leads_behind_are_counted_up_to_a_hundred(others: int, words: str) -> None:
    assert why(others=others).words.endswith(f"; {words}")


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_has_words_that_fit_the_fact_of_a_claim(tier: Tier) -> None:
    longest = why(seconds=99_999 * 86_400, others=100).model_copy(
        update={"tier": tier, "kept_for": "another"}
    )
    assert longest.words.startswith(f"{tier}: {REASONS[tier]}; planned for another rep")
    TypeAdapter(Text).validate_python(longest.words)


def test_a_reps_own_touch_is_called_so() -> None:
    own = why().model_copy(update={"kept_for": "you"})
    assert own.words == f"new: {REASONS['new']}; planned for you; waiting 12 s; before 3 others"
