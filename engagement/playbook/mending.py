"""Stand-ins for what is wrong in a playbook, so that the rest of it can be checked as well.

What stands in meets every rule by itself, and lets the parts around it meet theirs. It is never
published: it only brings to light the faults that hide behind others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engagement.calendar.weekdays import WEEKDAYS

Path = tuple[str | int, ...]
Part = dict[Any, Any]

STAND_IN = "stand-in-for-what-is-wrong"
"""The name of all that stands in."""

_WHOLE_DAY = "00:00-23:59"
_SOME: Part = {"source": STAND_IN}
_STEP: Part = {"channel": "social", "activity": STAND_IN, "only_if": _SOME}
_CADENCE: Part = {"name": STAND_IN, "steps": [{"day": 1, **_STEP}]}
_RESULT: Part = {"label": STAND_IN, "action": "next-touch"}
_RULESET: Part = {"name": STAND_IN, "reply": "continue", "reply_elsewhere": "continue"}
_CALENDAR: Part = {"time_zone": "Etc/UTC", "days": list(WEEKDAYS), "hours": _WHOLE_DAY}
_TOP: Part = {
    "name": STAND_IN,
    "team": STAND_IN,
    "calendar": _CALENDAR,
    "parts": {"morning": _WHOLE_DAY, "afternoon": _WHOLE_DAY},
    "entry": [{"cadence": STAND_IN}],
    "cadences": [_CADENCE],
    "results": [{"code": STAND_IN, **_RESULT}],
    "rulesets": [_RULESET],
}


@dataclass(frozen=True, slots=True)
class Culprit:
    """A part of a list that is wrong: what it says, by which keys it is wrong, and its index."""

    says: Part
    wrong: frozenset[Any]
    index: int
    last: bool
    cadence: str
    """The name of a cadence that the playbook has."""

    def filled(self, right: Part) -> Part:
        """Without what is wrong, and with all that it cannot do without."""
        kept = {key: value for key, value in self.says.items() if key not in self.wrong}
        return {**right, **kept}


def mended(data: Part, path: Path) -> Any:
    """The same, with something right in the place of what is wrong at this path."""
    for depth in range(len(path), 1, -1):
        part, index = path[depth - 2 : depth]
        if part in _STAND_INS and isinstance(index, int):
            return _with(data, path[: depth - 1], _in_list(str(part), index, path[depth:], data))
    if len(path) > 1 and path[0] == "calendar":
        return _with(data, path[:1], lambda old: _filled(old, path[1], _CALENDAR))
    return _filled(data, path[0], {**_TOP, "entry": [{"cadence": _some_cadence(data)}]})


def _with(part: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(part)
    key, rest = path[0], path[1:]
    if isinstance(part, list):
        return [_with(one, rest, change) if n == key else one for n, one in enumerate(part)]
    return {**part, key: _with(part[key], rest, change)}


def _filled(part: Part, wrong: str | int, right: Part) -> Part:
    kept = {key: value for key, value in part.items() if key != wrong}
    return {**kept, wrong: right[wrong]} if wrong in right else kept


def _in_list(part: str, index: int, within: Path, data: Part) -> Callable[[Any], list[Any]]:
    def changed(items: list[Any]) -> list[Any]:
        says = items[index] if isinstance(items[index], dict) and within else {}
        last = index == len(items) - 1
        culprit = Culprit(says, frozenset(within[:1]), index, last, _some_cadence(data))
        return [*items[:index], _STAND_INS[part](culprit), *items[index + 1 :]]

    return changed


def _some_cadence(data: Part) -> str:
    told = data.get("cadences")
    cadences = told if isinstance(told, list) else []
    names = [one.get("name") for one in cadences if isinstance(one, dict)]
    return next((name for name in names if isinstance(name, str)), STAND_IN)


def _step(culprit: Culprit) -> Part:
    """With the turn and the time that it says, where these are not what is wrong."""
    step = culprit.filled({})
    if not {"channel", "activity"} <= {*step}:
        step = {key: step[key] for key in step if key not in {"kind", "template", "only_if"}}
    if "kind" in culprit.wrong:
        step.pop("template", None)
    if "only_if" in culprit.wrong:
        step["only_if"] = _SOME
    if not {"day", "after", "with_previous"} & {*step}:
        turn: Part = {"with_previous": True} if culprit.index else {"day": 1}
        return {**_STEP, **turn}
    return {**_STEP, **step} if "channel" not in step else {"activity": STAND_IN, **step}


def _entry(culprit: Culprit) -> Part:
    lost = "when" in culprit.wrong or not culprit.says
    when = {"when": _SOME} if lost and not culprit.last else {}
    return {**when, **culprit.filled({} if _goes(culprit) else {"cadence": culprit.cadence})}


def _goes(culprit: Culprit) -> bool:
    return bool({"cadence", "experiment"} & ({*culprit.says} - culprit.wrong))


def _ruleset(culprit: Culprit) -> Part:
    """For no cadence, where it is not known for which ones; all replies let theirs go on."""
    named = {"cadences": [STAND_IN]} if "cadences" in culprit.wrong else {}
    return culprit.filled({**_RULESET, **named})


def _experiment(culprit: Culprit) -> Part:
    """With the same arms, of weights that sum to a hundred."""
    told = culprit.says.get("arms")
    arms = [arm for arm in told if isinstance(arm, dict)] if isinstance(told, list) else []
    names = [arm["cadence"] for arm in arms if isinstance(arm.get("cadence"), str)]
    known = dict.fromkeys(names or [culprit.cadence])
    named = culprit.filled({"name": STAND_IN})["name"]
    dealt = [{"cadence": name, "weight": 1} for name in known]
    return {"name": named, "arms": dealt, "holdout": 100 - len(dealt)}


_STAND_INS: Mapping[str, Callable[[Culprit], Part]] = MappingProxyType(
    {
        "steps": _step,
        "cadences": lambda culprit: culprit.filled(_CADENCE),
        "results": lambda culprit: {
            "code": culprit.filled({"code": f"#{culprit.index}"})["code"],
            **_RESULT,
        },
        "rulesets": _ruleset,
        "experiments": _experiment,
        "teams": lambda culprit: culprit.filled({"name": STAND_IN}),
        "routing": lambda culprit: culprit.filled({"when": _SOME, "team": STAND_IN}),
        "entry": _entry,
    }
)
