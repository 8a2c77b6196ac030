"""Steps that are the same touch twice at one time, which nobody can mean."""

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engagement.playbook.cadence import Cadence
from engagement.playbook.model import broken
from engagement.playbook.playbook import Playbook
from engagement.playbook.step import Step
from engagement.playbook.whole import once


def clashes(playbook: Playbook) -> Iterator[PydanticCustomError]:
    """The steps of the channel and kind of another one at the same time, for the same leads.

    Not a rule of the playbook itself: logs hold playbooks that were published before it, and
    leads on them go on as ever.
    """
    for index, cadence in enumerate(playbook.cadences):
        yield from once(_clashes(cadence, ("cadences", index)))


def _clashes(cadence: Cadence, at: tuple[str | int, ...]) -> Iterator[PydanticCustomError]:
    taken: set[object] = set()
    for leader, (path, step) in zip(cadence.leaders, cadence.placed, strict=True):
        lead = cadence.steps[leader]
        touches = {*_touches(leader, lead, step)}
        if not taken.isdisjoint(touches):
            named = f"{step.channel} of kind {step.kind}" if step.kind else step.channel
            kind = "" if step.channel == "call" and _timed(lead) else "kind, "
            fix = f"leave one out, or let them differ in channel, {kind}time or `only_if`"
            yield broken(f"a second {named} {_when(lead)}", fix, *at, *path)
        taken |= touches


def _touches(leader: int, lead: Step, step: Step) -> Iterator[object]:
    """What no other step may be. Only a call that is `with_previous` is meant to follow another
    call at once, with or without a voicemail."""
    moment = (lead.day, _time(lead)) if _timed(lead) else leader
    yield moment, step.channel, step.kind, step.only_if
    if _timed(lead) and step.channel == "call" and not step.with_previous:
        yield moment, "a call", step.only_if


def _timed(lead: Step) -> bool:
    return lead.day is not None and _time(lead) is not None


def _time(lead: Step) -> object:
    return lead.at or lead.part or lead.hours


def _when(lead: Step) -> str:
    """Steps of one day at one time are together, as those of one group are."""
    if not _timed(lead) or lead.at is not None:
        return "at the same moment"
    return f"in the same {lead.part or 'hours'}"
