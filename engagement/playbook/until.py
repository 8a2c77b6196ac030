"""How long a cadence goes on at most, whatever its steps say."""

from collections.abc import Iterable, Iterator

from pydantic_core import PydanticCustomError

from engagement.playbook.block import Placed, Reach
from engagement.playbook.model import broken
from engagement.playbook.threshold import Until


def beyond(
    placed: Iterable[Placed], until: Until | None, *at: str | int
) -> Iterator[PydanticCustomError]:
    """The written steps that come after the last day, so that nobody would ever take them.

    Of a block only the first time has to come before it.
    """
    if until is None or until.days is None:
        return
    reach, written = Reach(), set[tuple[str | int, ...]]()
    for path, step in placed:
        reach = reach.to(step)
        if reach.day > until.days and path not in written:
            rule = f"day {reach.day} comes after the {until.days} days of `until`"
            yield broken(rule, "raise `until.days`, or take the step earlier", *at, *path)
        written.add(path)
