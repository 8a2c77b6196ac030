"""The cadence as a decider, and a whole partition of leads under it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeGuard
from uuid import UUID

from engagement.cadence.decide import decide
from engagement.cadence.evolve import evolve
from engagement.cadence.facts import Cause, Decision
from engagement.cadence.playbooks import Playbooks
from engagement.cadence.state import INITIAL, State
from engagement.decider import Decider, Refused
from schemas.envelope import Event, follow_up
from schemas.events.fact import Fact, LeadFact
from schemas.events.playbook import PlaybookPublished

SOURCE = "/touchline/cadence"


def decider(playbooks: Playbooks) -> Decider[State, Cause, Decision]:
    """The rules of one lead's cadence, under these playbooks."""
    return Decider(INITIAL, partial(decide, playbooks), partial(evolve, playbooks))


@dataclass(slots=True)
class Partition:
    """What the facts of one partition add up to: its playbooks, and the state of each lead.

    The fold hands it the leads of a batch, a replay lets it gather all of them: both decide with
    the same function, so a replay equals what was decided live.
    """

    playbooks: Playbooks = field(default_factory=Playbooks)
    states: dict[UUID, State] = field(default_factory=dict)
    rules: Decider[State, Cause, Decision] = field(init=False)

    def __post_init__(self) -> None:
        self.rules = decider(self.playbooks)

    def apply(self, cause: Event[Fact]) -> tuple[Event[Fact], ...] | Refused:
        """The decisions that `cause` leads to, with their ids; remembers what it changed."""
        if _about_a_lead(cause):
            return self._step(cause)
        return self._publish(cause.data) if isinstance(cause.data, PlaybookPublished) else ()

    def _publish(self, fact: PlaybookPublished) -> tuple[()] | Refused:
        playbooks = self.playbooks.publish(fact)
        if isinstance(playbooks, Refused):
            return playbooks
        self.playbooks, self.rules = playbooks, decider(playbooks)
        return ()

    def _step(self, cause: Cause) -> tuple[Event[Fact], ...] | Refused:
        lead_id = cause.data.lead_id
        state, decided = self.rules.step(self.states.get(lead_id, INITIAL), cause)
        if isinstance(decided, Refused):
            return decided
        self.states[lead_id] = state
        return tuple(follow_up(cause.envelope, SOURCE, fact, n) for n, fact in enumerate(decided))


def _about_a_lead(event: Event[Fact]) -> TypeGuard[Cause]:
    return isinstance(event.data, LeadFact)


def replay(history: Iterable[Event[Fact]]) -> Iterator[Event[Fact]]:
    """Every decision that a partition's log leads to, in order, with the ids it had live."""
    partition = Partition()
    for cause in history:
        decided = partition.apply(cause)
        if not isinstance(decided, Refused):
            yield from decided
