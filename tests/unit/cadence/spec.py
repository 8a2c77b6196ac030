"""given(facts).when(fact).then(decisions): rules told in facts, whatever the state's type."""

from collections.abc import Sequence
from dataclasses import dataclass

from engagement.cadence.decider import Partition
from engagement.cadence.facts import Decision
from engagement.decider import Refused
from schemas.envelope import Event
from schemas.events.decision import CadenceEnded, EntryRefused
from schemas.events.experiment import ExperimentAssigned
from schemas.events.fact import Fact
from schemas.events.plan import TouchPlanned


@dataclass(frozen=True)
class Then:
    """What followed."""

    decided: Sequence[Event[Fact]] | Refused

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was decided; fails where the fact was refused."""
        assert not isinstance(self.decided, Refused), self.decided
        return tuple(event.data for event in self.decided)

    @property
    def planned(self) -> TouchPlanned:
        """The plan that was decided, and nothing after it."""
        fact = self.facts[-1]
        assert isinstance(fact, TouchPlanned), fact
        return fact

    @property
    def ended(self) -> CadenceEnded:
        """The end that was decided, and nothing after it."""
        fact = self.facts[-1]
        assert isinstance(fact, CadenceEnded), fact
        return fact

    @property
    def types(self) -> list[str]:
        """The types of what was decided, in order."""
        return [fact.type for fact in self.facts]

    def then(self, *expected: Decision) -> None:
        """Exactly this followed, in this order."""
        assert self.facts == expected

    def then_nothing(self) -> None:
        """No decision followed."""
        assert self.facts == ()

    def then_kept_out(self, rule: str) -> None:
        """The lead was not taken in, by this rule, after nothing but its assignment."""
        *before, fact = self.facts
        assert isinstance(fact, EntryRefused), fact
        assert fact.rule == rule
        assert all(isinstance(one, ExperimentAssigned) for one in before)

    def then_refused(self, code: str) -> None:
        """The fact cannot be answered."""
        assert isinstance(self.decided, Refused), self.decided
        assert self.decided.code == code


@dataclass(frozen=True)
class Given:
    """A partition that has heard some facts."""

    partition: Partition

    def hears(self, *facts: Event[Fact]) -> None:
        """These facts arrive, whatever follows; none of them is refused."""
        for fact in facts:
            assert not isinstance(self.partition.apply(fact), Refused), fact

    def when(self, fact: Event[Fact]) -> Then:
        """The next fact arrives."""
        return Then(self.partition.apply(fact))


def given(*facts: Event[Fact]) -> Given:
    """These facts arrived, in this order; none of them was refused."""
    history = Given(Partition())
    history.hears(*facts)
    return history
