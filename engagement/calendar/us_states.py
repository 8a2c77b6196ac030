"""Calling hours in the United States, as data: `us_states.yaml` names source and date."""

from collections.abc import Mapping
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypedDict

import yaml

from engagement.calendar.public_holidays import is_holiday


class _Content(TypedDict):
    federal: str
    states: dict[str, dict[str, str]]


class Calling(NamedTuple):
    """From `opens` up to before `closes`, by the called party's clock; `rule` names the law's."""

    opens: time
    closes: time
    rule: str


def calling(day: date, region: str | None) -> Calling | str:
    """When people in this state may be called on this day, or the rule that forbids it.

    A state without hours of its own, and one that nobody told, keep the federal ones.
    """
    state = _table().get(region) if region is not None else None
    if state is None:
        return _federal()
    return state[_column(day, region)]


def states() -> frozenset[str]:
    """The states with hours of their own."""
    return frozenset(_table())


def _column(day: date, region: str | None) -> str:
    if is_holiday(day, "US", region):
        return "holidays"
    return {5: "sat", 6: "sun"}.get(day.weekday(), "weekdays")


@cache
def _table() -> Mapping[str, Mapping[str, Calling | str]]:
    return {state: _state(state, columns) for state, columns in _content()["states"].items()}


def _state(state: str, columns: dict[str, str]) -> Mapping[str, Calling | str]:
    told = {"holidays": columns["weekdays"], **columns}
    return {column: _calling(f"US-{state}", column, hours) for column, hours in told.items()}


def _calling(where: str, column: str, hours: str) -> Calling | str:
    if hours == "closed":
        return f"calling_rules: {where}, closed on {column}"
    opens, closes = map(time.fromisoformat, hours.split("-"))
    return Calling(opens, closes, f"calling_rules: {where} {hours}")


@cache
def _federal() -> Calling:
    opens, closes = map(time.fromisoformat, _content()["federal"].split("-"))
    return Calling(opens, closes, f"calling_rules: US {_content()['federal']}")


@cache
def _content() -> _Content:
    text = (files("engagement.calendar") / "us_states.yaml").read_text(encoding="utf-8")
    content: _Content = yaml.safe_load(text)
    return content
