"""Homes for commands."""

from collections.abc import Iterator

import pytest

from tests.command_home import CommandHome, command_home
from tests.conftest import FOLDER, JARS


@pytest.fixture
def home(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Iterator[CommandHome]:
    """An empty one."""
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "alone")
    folder = pytestconfig.stash[FOLDER].resolve() / f"{request.path.stem}-{worker}"
    with command_home(folder, JARS) as made:
        yield made
