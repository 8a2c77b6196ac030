"""The reason of a choice, as a rep reads it."""

import pytest

from engagement.playbook.queue import DEFAULT
from services.prioritizer.claims.why import Why, sentence, window


def why(seconds: int = 12, others: int = 3) -> Why:
    return Why(tier="new", tier_order=0, order_key=-1, waited_seconds=seconds, others=others)


def test_the_words_name_tier_wait_and_company() -> None:
    assert why().words == f"new: {sentence('new', None)}; waiting 12 s; before 3 others"


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
        (5, "before 5 or more others"),
    ],
)
def test_the_leads_behind_are_counted_up_to_five(others: int, words: str) -> None:
    assert why(others=others).words.endswith(f"; {words}")


@pytest.mark.parametrize("tier", DEFAULT.place)
def test_every_tier_has_words_that_a_rep_can_read(tier: str) -> None:
    longest = why(seconds=99_999 * 86_400, others=100).model_copy(
        update={"tier": tier, "kept_for": "another", "windows": (60,), "age_seconds": 10**9}
    )
    assert longest.words.startswith(f"{tier}: {sentence(tier, None)}; planned for another rep")
    assert len(longest.words) < 300


def test_a_reps_own_touch_is_called_so() -> None:
    own = why().model_copy(update={"kept_for": "you"})
    assert (
        own.words
        == f"new: {sentence('new', None)}; planned for you; waiting 12 s; before 3 others"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "within its 5 minutes"),
        (299, "within its 5 minutes"),
        (300, "within its 15 minutes"),
        (3_599, "within its 60 minutes"),
        (3_600, "over its 60 minutes by 0 s"),
        (3_780, "over its 60 minutes by 3 min"),
    ],
)
def test_the_age_is_told_against_the_windows(seconds: int, words: str) -> None:
    assert window((5, 15, 30, 60), seconds) == words


def test_a_claim_tells_what_its_playbook_said() -> None:
    told = why().model_copy(update={"tier": "gold", "says": "gold comes first", "urgent": True})
    assert told.words.startswith("gold: gold comes first; ")
    assert told.bucket == "urgent"
