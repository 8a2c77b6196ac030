"""The steps of a service's folds: what they have taken, and whether they go on."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from time import perf_counter

import structlog
from faust.types import TP

from services.runtime.fold.delivery_errors import FuseBlown
from services.runtime.fold.fold_metrics import observe
from services.runtime.fold.intake import Batch
from services.runtime.fold.pulse import Pulse
from services.runtime.fold.step import Runner
from services.runtime.process import metrics
from services.runtime.process.logs import explained

At = tuple[str, int, int]
"""Topic, partition and first offset of a batch."""

log = structlog.get_logger()


class Steps:
    """Takes batches, each topic's by its runner.

    The fuse ends a service where what is bad is our own. What others write stops only the fold
    that reads it: no door of ours is to be shut by a stranger's records.
    """

    def __init__(self, service: str, progress: MutableMapping[TP, int], pulse: Pulse) -> None:
        self._service, self._progress, self._pulse = service, progress, pulse
        self._runners: dict[str, Runner] = {}
        self._stopped: set[str] = set()
        self.failed_at: Collection[At] = ()
        """The batches of the step that failed first."""

    @property
    def runners(self) -> Mapping[str, Runner]:
        """By topic."""
        return self._runners

    def add(self, runner: Runner) -> None:
        """Take batches of its topic too."""
        topic = runner.fold.topic
        self._runners[topic.name] = runner
        if not topic.ours:
            metrics.FOLD_STOPPED.labels(self._service, topic.name).set(0)

    async def take(self, topic: str, batches: Sequence[Batch]) -> None:
        """Return when all that follows from the batches is committed and published."""
        if self.is_stopped(topic):
            return
        try:
            with self._pulse.step():
                await self._take(topic, batches)
        except FuseBlown as blown:
            if self._runners[topic].fold.topic.ours:
                raise
            self._stop(topic, blown)
        except Exception:
            here = [(topic, batch.partition, batch.start) for batch in batches]
            self.failed_at = self.failed_at or here
            raise

    def is_stopped(self, topic: str) -> bool:
        """Whether the fuse has stopped its fold: until the folds begin anew, after an outage or in
        another process. They stop again at the same record, as the fuse remembers."""
        return topic in self._stopped

    def trouble(self) -> str | None:
        """Why some folds do not go on, as a readiness reason."""
        if self._stopped:
            topics = ", ".join(sorted(self._stopped))
            return f"the fuse has stopped {topics}; the log line 'fold stopped' says why"
        return self._pulse.trouble()

    async def _take(self, topic: str, batches: Sequence[Batch]) -> None:
        begun = perf_counter()
        for taken in await self._runners[topic].take(batches):
            self._progress[TP(topic, taken.position.partition)] = taken.position.next_offset
            observe(self._service, taken, perf_counter() - begun)

    def _stop(self, topic: str, blown: FuseBlown) -> None:
        self._stopped.add(topic)
        metrics.FOLD_STOPPED.labels(self._service, topic).set(1)
        log.error("fold stopped", topic=topic, error=explained(blown))
