"""What is written for each event stays the same, byte for byte."""

import pytest

from schemas.events.fact import Fact
from schemas.json_schema import messages
from tests.contract.examples import Example, name
from tests.contract.snapshots import FOLDER, PINNED, path, rendered


@pytest.mark.parametrize("one", PINNED, ids=name)
def test_an_event_is_written_as_it_always_was(one: Example) -> None:
    assert rendered(one) == path(one).read_text()


def test_every_event_that_we_write_is_pinned_full_and_minimal() -> None:
    ours = [class_ for _, class_ in messages() if issubclass(class_, Fact)]
    assert len(PINNED) == 2 * len(ours)
    assert {path(one) for one in PINNED} == set(FOLDER.glob("*"))
