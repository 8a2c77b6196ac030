"""Experiments that cannot be made are refused, where they cannot."""

import pytest

from engagement.playbook.faults import Fault, PlaybookError
from engagement.playbook.reading import from_yaml
from tests.unit.playbook.seed import TEXT

OTHERS = """
  - name: twin
    steps: [{day: 1, channel: call, activity: Call}]
  - name: short
    steps: [{day: 1, channel: call, activity: Call}]
results:"""
BOOK = TEXT.replace("\nresults:", OTHERS)
ARMS = "arms: [{cadence: nine-in-eighteen, weight: 60}, {cadence: short, weight: 40}]"


def fault(text: str) -> Fault:
    """The one thing found wrong in the text."""
    with pytest.raises(PlaybookError) as error:
        from_yaml(text, "book.yaml")
    (found,) = error.value.faults
    return found


def test_entry_leads_to_an_experiment_in_place_of_a_cadence() -> None:
    text = BOOK.replace("- cadence: nine-in-eighteen", "- experiment: tempo", 1)
    playbook = from_yaml(f"{text}experiments: [{{name: tempo, {ARMS}}}]\n", "x")
    assert playbook.divergence == {"tempo": 1}
    assert type(playbook).from_content(playbook.content) == playbook


@pytest.mark.parametrize(
    ("experiment", "path", "rule", "fix"),
    [
        (
            "arms: [{cadence: nine-in-eighteen, weight: 60}, {cadence: short, weight: 30}]",
            "experiments[0].arms",
            "sum to 90",
            "sum to 100",
        ),
        (f"{ARMS}, holdout: 1", "experiments[0].arms", "sum to 101", "sum to 100"),
        ("arms: [{cadence: short, weight: 100}]", "[0].arms", "compares nothing", "`holdout`"),
        ("arms: [{cadence: short, weight: 0}]", "arms[0].weight", "too small", "1 or more"),
        ("arms: []", "experiments[0].arms", "empty", "add one"),
        (
            "arms: [{cadence: short, weight: 50}, {cadence: short, weight: 50}]",
            "experiments[0].arms[1].cadence",
            "two arms are named short",
            "each cadence once",
        ),
        (
            "arms: [{cadence: short, weight: 50}, {cadence: ten, weight: 50}]",
            "experiments[0].arms[1].cadence",
            "no such cadence",
            "nine-in-eighteen, twin, short",
        ),
        (
            "arms: [{cadence: short, weight: 50}, {cadence: twin, weight: 50}]",
            "experiments[0].arms",
            "are the same",
            "change one",
        ),
        (f"{ARMS}}}, {{name: tempo, {ARMS}", "experiments[1].name", "used twice", "rename"),
        (f"{ARMS}, seed: 1", "experiments[0].seed", "unknown key", "salt"),
    ],
)
def test_an_experiment_that_cannot_be_made_is_refused(
    experiment: str, path: str, rule: str, fix: str
) -> None:
    found = fault(f"{BOOK}experiments: [{{name: tempo, {experiment}}}]\n")
    assert found.path.endswith(path)
    assert rule in found.rule
    assert fix in found.fix
    assert found.line == BOOK.count("\n") + 1


@pytest.mark.parametrize(
    ("entry", "path", "rule", "fix"),
    [
        ("- experiment: tempo", "entry[0].experiment", "no such experiment", "under `exper"),
        ("- {}", "entry[0]", "no one place", "a cadence or an experiment"),
        ("- {cadence: short, experiment: tempo}", "entry[0]", "no one place", "either"),
    ],
)
def test_an_entry_that_leads_nowhere_is_refused(
    entry: str, path: str, rule: str, fix: str
) -> None:
    found = fault(BOOK.replace("- cadence: nine-in-eighteen", entry, 1))
    assert found.path == path
    assert rule in found.rule
    assert fix in found.fix
