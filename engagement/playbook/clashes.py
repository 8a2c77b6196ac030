"""Steps that are the same touch twice at one moment, which nobody can mean."""

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engagement.playbook.cadence import Cadence
from engagement.playbook.model import broken
from engagement.playbook.playbook import Playbook
from engagement.playbook.step import Step
from engagement.playbook.whole import once


def clashes(playbook: Playbook) -> Iterator[PydanticCustomError]:
    """The steps of the channel and kind of another one at the same moment, for the same leads.

    Not a rule of the playbook itself: logs hold playbooks that were published before it, and
    leads on them go on as ever.
    """
    for index, cadence in enumerate(playbook.cadences):
        yield from once(_clashes(cadence, ("cadences", index)))


def _clashes(cadence: Cadence, at: tuple[str | int, ...]) -> Iterator[PydanticCustomError]:
    taken: set[object] = set()
    for leader, (path, step) in zip(cadence.leaders, cadence.placed, strict=True):
        touch = (_moment(leader, cadence.steps[leader]), step.channel, step.kind, step.only_if)
        if touch in taken:
            named = f"{step.channel} of kind {step.kind}" if step.kind else step.channel
            fix = "leave one out, or let them differ in channel, kind, time or `only_if`"
            yield broken(f"a second {named} at the same moment", fix, *at, *path)
        taken.add(touch)


def _moment(leader: int, step: Step) -> object:
    """Steps of one day at one exact time are at one moment, as those of one group are."""
    return (step.day, step.at) if step.day is not None and step.at is not None else leader
