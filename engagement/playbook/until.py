"""How long a cadence goes on at most, whatever its steps say."""

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engagement.playbook.block import stages
from engagement.playbook.cadence import Cadence
from engagement.playbook.model import broken


def beyond(cadence: Cadence, *at: str | int) -> Iterator[PydanticCustomError]:
    """The written steps that come after the last day, so that nobody would ever take them.

    Of a block only the first time has to come before it.
    """
    until = cadence.until
    if until is None or until.days is None:
        return
    written = set[tuple[str | int, ...]]()
    for (path, _), _, reach in stages(cadence.placed, cadence.loops):
        if reach.day > until.days and path not in written:
            rule = f"day {reach.day} comes after the {until.days} days of `until`"
            yield broken(rule, "raise `until.days`, or take the step earlier", *at, *path)
        written.add(path)
