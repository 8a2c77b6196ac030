"""What differs between two playbooks, in the words in which playbooks are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engagement.playbook.alignment import aligned
from engagement.playbook.cadence import Cadence
from engagement.playbook.entry import EntryRule
from engagement.playbook.playbook import Playbook
from engagement.playbook.team import Route

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A key of a part that differs, or a whole part where `key` is empty.

    `old` and `new` are what the playbook says; nothing where one of the two does not say it.
    Steps are numbered as a timeline numbers them: blocks are unrolled.
    """

    part: str
    key: str
    old: Any
    new: Any


def changes(old: Playbook, new: Playbook) -> tuple[Change, ...]:
    """Everything that differs, in the order of a playbook's parts."""
    return tuple(_changes(old, new))


def _changes(old: Playbook, new: Playbook) -> Iterator[Change]:
    was, is_ = _written(old), _written(new)
    for part in dict.fromkeys((*was, *is_)):
        match part:
            case "entry":
                yield from _entry(old.entry, new.entry)
            case "cadences":
                yield from _cadences(old, new)
            case "routing":
                yield from _routing(old, new)
            case _:
                yield from _part(part, was.get(part), is_.get(part))


def _part(part: str, old: Any, new: Any) -> Iterator[Change]:
    """A part by its shape: keys with values, a list of things with names, or one value."""
    shown = old if old is not None else new
    if isinstance(shown, dict):
        yield from _keys(part, old or {}, new or {})
    elif isinstance(shown, list) and shown and isinstance(shown[0], dict):
        yield from _named(part.removesuffix("s"), old or (), new or ())
    elif old != new:
        yield Change("playbook", part, old, new)


def _written(part: Any) -> Written:
    written: Written = part.model_dump(mode="json", exclude_none=True)
    return written


def _keys(part: str, old: Written, new: Written, path: str = "") -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        was, is_ = old.get(key), new.get(key)
        if isinstance(was, dict) and isinstance(is_, dict):
            yield from _keys(part, was, is_, f"{path}{key}.")
        elif was != is_:
            yield Change(part, path + key, was, is_)


def _named(part: str, old: Sequence[Written], new: Sequence[Written]) -> Iterator[Change]:
    """By what each is called: a result by its code, everything else by its name."""
    was, is_ = ({one.get("code") or one["name"]: one for one in side} for side in (old, new))
    for name in dict.fromkeys((*was, *is_)):
        if name in was and name in is_:
            yield from _keys(f"{part} {name}", was[name], is_[name])
        else:
            yield Change(f"{part} {name}", "", was.get(name), is_.get(name))


def _entry(old: Sequence[EntryRule], new: Sequence[EntryRule]) -> Iterator[Change]:
    """By what a rule asks of leads; their order matters, as the first that meets decides."""
    was, is_ = ({_asked(rule): rule.cadence for rule in rules} for rules in (old, new))
    yield from _keys("entry", was, is_)
    yield from _order("entry", was, is_)


def _routing(old: Playbook, new: Playbook) -> Iterator[Change]:
    """As with entry rules, the first that meets decides."""
    was, is_ = ({_asked(rule): rule.team for rule in one.routing or ()} for one in (old, new))
    yield from _keys("routing", was, is_)
    yield from _order("routing", was, is_)


def _order(part: str, old: Written, new: Written) -> Iterator[Change]:
    order = [one for one in old if one in new], [one for one in new if one in old]
    if order[0] != order[1]:
        yield Change(part, "order", *order)


def _asked(rule: EntryRule | Route) -> str:
    if rule.when is None:
        return "every lead"
    return ", ".join(f"{name} {wanted}" for name, wanted in _written(rule.when).items())


def _cadences(old: Playbook, new: Playbook) -> Iterator[Change]:
    for name in dict.fromkeys((*old.cadence, *new.cadence)):
        was, is_ = old.cadence.get(name), new.cadence.get(name)
        if was is not None and is_ is not None:
            yield from _keys(f"cadence {name}", _around_steps(was), _around_steps(is_))
            yield from _steps(was, is_)
        else:
            yield Change(f"cadence {name}", "", was and _written(was), is_ and _written(is_))


def _around_steps(cadence: Cadence) -> Written:
    """With the thresholds of its blocks, which plain steps do not show."""
    around = {key: value for key, value in _written(cadence).items() if key != "steps"}
    loops = dict.fromkeys(loop for loop in cadence.loops if loop is not None)
    blocks = {f"until of steps {one.first} to {one.last}": _written(one.until) for one in loops}
    return {**around, **blocks}


def _steps(old: Cadence, new: Cadence) -> Iterator[Change]:
    was, is_ = ([_written(placed.step) for placed in one.placed] for one in (old, new))
    for i, j in aligned(old.steps, new.steps):
        if i is not None and j is not None:
            yield from _keys(f"cadence {new.name}, step {_numbers(i, j)}", was[i], is_[j])
        elif i is not None:
            yield Change(f"cadence {new.name}, step {i + 1}", "", was[i], None)
        elif j is not None:
            yield Change(f"cadence {new.name}, step {j + 1}", "", None, is_[j])


def _numbers(i: int, j: int) -> str:
    return f"{j + 1}" if i == j else f"{i + 1}, now {j + 1}"
