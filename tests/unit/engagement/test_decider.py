"""What every decider does with its three functions."""

from collections.abc import Sequence

from engagement.decider import Decider, Refused


def decide(total: int, given: int) -> Sequence[str] | Refused:
    """Says how far the sum is at each even number; cannot take a negative one."""
    if given < 0:
        return Refused("negative", "given: below 0")
    return (f"at {total}", "even") if given % 2 == 0 else ()


def evolve(total: int, happened: int | str) -> int:
    """Adds numbers, and one for each thing said."""
    return total + (happened if isinstance(happened, int) else 1)


SUM: Decider[int, int, str] = Decider(0, decide, evolve)


def test_a_step_hears_the_cause_decides_and_remembers_what_was_decided() -> None:
    assert SUM.step(10, 4) == (16, ("at 14", "even"))


def test_a_step_without_decisions_still_remembers_its_cause() -> None:
    assert SUM.step(10, 3) == (13, ())


def test_a_refused_cause_changes_nothing() -> None:
    assert SUM.step(10, -1) == (10, Refused("negative", "given: below 0"))


def test_a_replay_gives_every_decision_and_passes_over_what_was_refused() -> None:
    assert list(SUM.replay([1, 2, -1, 4])) == ["at 3", "even", "at 9", "even"]
