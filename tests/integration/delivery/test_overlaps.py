"""Processes that die, sleep and overlap; and that the checker notices if a rule is missing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.runtime.fold import intake, positions, starts, step
from services.runtime.fold.delivery_errors import DeliveryError
from tests.integration.delivery import scenarios
from tests.integration.delivery.conftest import MakeWorld
from tests.integration.delivery.world import World

Scenario = Callable[[World], Awaitable[None]]
Breaking = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("scenario", scenarios.SCENARIOS)
async def test_nothing_is_lost_altered_or_reordered(world: World, scenario: Scenario) -> None:
    await scenario(world)

    assert await world.wrong() == []


def no_sequence_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is new."""
    monkeypatch.setattr(intake, "_is_new", lambda *_: True)


def no_position(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records below the position are taken again."""

    def take_in(topic: Any, _position: int, writers: Any, batch: intake.Batch) -> intake.Intake:
        return intake.take_in(topic, batch.start, writers, batch)

    monkeypatch.setattr(step, "take_in", take_in)


def no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The position row is read, but not locked."""
    real = positions.Positions.__init__

    def init(self: Any, schema: str, topic: str) -> None:
        real(self, schema, topic)
        self._lock = self._lock.replace(b" for update", b"")

    monkeypatch.setattr(positions.Positions, "__init__", init)


def no_publishing_of_the_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process committed last is overwritten."""

    async def nothing(*_: Any) -> None: ...

    monkeypatch.setattr(step.Runner, "_publish_inherited", nothing)


def no_publishing_at_the_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes a partition over begins with the next record."""
    monkeypatch.setattr(starts, "unpack", lambda _: [])


@pytest.mark.parametrize(
    ("breaking", "scenario", "ours"),
    [
        (no_sequence_rule, scenarios.repeats_in_the_input, True),
        (no_position, scenarios.two_owners, False),
        (no_lock, scenarios.two_owners, False),
        (no_publishing_of_the_inherited, scenarios.killed_between_commit_and_broker, True),
        (no_publishing_of_the_inherited, scenarios.late_after_losing_the_partition, True),
        (no_publishing_at_the_assignment, scenarios.killed_with_nothing_to_follow, True),
    ],
)
async def test_the_checker_notices_a_missing_rule(
    make_world: MakeWorld,
    monkeypatch: pytest.MonkeyPatch,
    breaking: Breaking,
    scenario: Scenario,
    ours: bool,
) -> None:
    world = await make_world(ours=ours)
    breaking(monkeypatch)
    try:
        await scenario(world)
    except DeliveryError:
        return

    assert await world.wrong()
