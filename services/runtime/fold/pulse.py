"""Whether folds go on: Kafka answers them, and no step hangs. In seconds of a monotonic clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic


class Pulse:
    """The signs of life of a service's folds. After `patience` seconds without one they hang."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._under_way: list[float] = []
        self._answered: int | None = None
        self._alive = monotonic()

    @contextmanager
    def step(self) -> Iterator[None]:
        """Around a step, from its first statement to the broker's last acknowledgement."""
        begun = monotonic()
        self._under_way.append(begun)
        try:
            yield
        finally:
            self._under_way.remove(begun)
            self._alive = monotonic()

    def heard(self, answered: int | None) -> bool:
        """Whether the folds live. `answered` is when Kafka last answered, by whatever clock.

        None stands for a worker without partitions, which asks nothing.
        """
        if answered is None or answered != self._answered:
            self._answered, self._alive = answered, monotonic()
        return self.trouble() is None

    def trouble(self) -> str | None:
        """Why they do not go on, as a readiness reason."""
        now = monotonic()
        if self._under_way and now - self._under_way[0] > self._patience:
            seconds = now - self._under_way[0]
            return f"a step waits for {seconds:.0f} seconds already, for PostgreSQL or Kafka"
        if not self._under_way and now - self._alive > self._patience:
            return f"Kafka has not answered for {now - self._alive:.0f} seconds"
        return None
