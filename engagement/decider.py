"""The shape of every rule: three values, and what follows from them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State")
Cause = TypeVar("Cause")
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Refused:
    """A cause that no rule can answer: a value, not an exception. It changes no state.

    `code` is for machines, kebab-case; `reason` names field, rule and fix.
    """

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decider(Generic[State, Cause, Fact]):
    """Causes in, facts out. All three are pure: no clock, no I/O, no chance.

    `evolve` is shown the cause, then each fact decided; `decide` sees the state that has heard
    its cause, so that what the cause tells is worked out once.
    """

    initial: State
    decide: Callable[[State, Cause], Sequence[Fact] | Refused]
    evolve: Callable[[State, Cause | Fact], State]

    def step(self, state: State, cause: Cause) -> tuple[State, Sequence[Fact] | Refused]:
        """The state after `cause`, and what was decided; the same state where it was refused."""
        evolved = self.evolve(state, cause)
        decided = self.decide(evolved, cause)
        if isinstance(decided, Refused):
            return state, decided
        for fact in decided:
            evolved = self.evolve(evolved, fact)
        return evolved, decided

    def replay(self, history: Iterable[Cause]) -> Iterator[Fact]:
        """Everything this decider would have decided, had it been in charge."""
        state = self.initial
        for cause in history:
            state, decided = self.step(state, cause)
            if not isinstance(decided, Refused):
                yield from decided
