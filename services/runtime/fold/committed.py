"""Fetches of what is committed: what a sender's transaction took back was never said."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.consumer.fetcher import READ_UNCOMMITTED, Fetcher  # type: ignore[import-untyped]


class CommittedFetcher(Fetcher):  # type: ignore[misc]
    """aiokafka's own, at `read_committed`, which Faust gives only to its own transactions.

    An open transaction holds back what follows it on its partition, until it ends.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "isolation_level": "read_committed"})

    async def _proc_offset_request(self, *args: Any) -> Any:
        """Where logs end, open transactions included: a position may lie within one."""
        whole = copy(self)
        whole._isolation_level = READ_UNCOMMITTED
        return await Fetcher._proc_offset_request(whole, *args)

    def reached(self) -> Mapping[TopicPartition, int]:
        """The next offset of each partition, past what holds no record for us: what was taken
        back, and the marks at the end of transactions."""
        subscription = self._subscriptions.subscription
        assignment = subscription and subscription.assignment
        if not assignment:
            return {}
        states = {tp: assignment.state_value(tp) for tp in assignment.tps}
        return {tp: state.position for tp, state in states.items() if state.has_valid_position}
