"""The operations page tells every setting, metric and fatal error, and no other."""

import importlib
import re
from typing import get_type_hints

import pytest

from services.runtime.fold import delivery_errors
from services.runtime.process import metrics
from services.runtime.process.environment import variables
from services.runtime.process.exits import Exit
from services.runtime.process.settings import RuntimeSettings
from tests.unit.docs.pages import ROOT, codes

SERVICES = ("ingest", "cadence", "prioritizer", "handoff", "sender")
OPERATIONS = ROOT / "docs" / "operations.md"
METRIC = re.compile(r"^\| `(touchline_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", re.MULTILINE)
SETTING = re.compile(r"^\| `(TOUCHLINE_\w+)` \| (.*?) \|", re.MULTILINE)


def test_every_metric_is_told_in_the_catalogue_s_words() -> None:
    assert METRIC.findall(OPERATIONS.read_text()) == [
        (one.name, one.kind, ", ".join(one.labels) or "-", one.sentence)
        for one in metrics.catalogue()
    ]


def test_no_page_names_a_metric_that_is_not_there() -> None:
    known = {one.name for one in metrics.catalogue()}
    named = {code for code in codes(OPERATIONS) if re.fullmatch(r"touchline_\w+", code)}
    assert named <= known


def test_every_setting_is_told_with_the_services_that_read_it() -> None:
    told = {setting: set(who.split(", ")) for setting, who in SETTING.findall(_page())}
    assert told == {
        setting: {"all"} if readers == set(SERVICES) else readers
        for setting, readers in _readers().items()
    }


@pytest.mark.parametrize(
    "error",
    [one.__name__ for one in delivery_errors.DeliveryError.__subclasses__()],
)
def test_every_error_that_ends_a_fold_is_told(error: str) -> None:
    assert f"`{error}`" in _page()


def test_every_exit_code_is_told() -> None:
    told = re.findall(r"^\| (\d+) \| ", _page(), re.MULTILINE)
    assert told == [str(code.value) for code in Exit]


def _page() -> str:
    return OPERATIONS.read_text()


def _readers() -> dict[str, set[str]]:
    readers: dict[str, set[str]] = {}
    for service in SERVICES:
        for setting in variables(_settings(service)):
            readers.setdefault(setting, set()).add(service)
    return readers


def _settings(service: str) -> type[RuntimeSettings]:
    """What the service's composition root asks for."""
    build = importlib.import_module(f"services.{service}.service").build
    settings: type[RuntimeSettings] = get_type_hints(build)["settings"]
    return settings
