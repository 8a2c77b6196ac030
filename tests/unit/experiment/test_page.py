"""docs/experiments.md shows a playbook that is right, and names every key."""

from engagement.playbook.experiment import Experiment
from engagement.playbook.reading import from_yaml
from tests.unit.docs.pages import ROOT, blocks

FILE = ROOT / "docs" / "experiments.md"


def test_the_playbook_on_the_page_is_right() -> None:
    (only,) = blocks(FILE, "yaml")
    playbook = from_yaml(only, "docs/experiments.md")
    assert playbook.divergence == {"tempo": 1}


def test_every_key_is_explained() -> None:
    page = FILE.read_text(encoding="utf-8")
    for name in Experiment.model_fields.keys() - {"name"}:
        assert f"| `{name}` |" in page
