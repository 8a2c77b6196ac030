"""What the fuse of quarantine looks back on."""

from dataclasses import dataclass
from typing import Any
from unittest.mock import Mock

import pytest

from services.runtime.fold.delivery_errors import FuseBlown
from services.runtime.fold.fold import Arrival
from services.runtime.fold.fuse import WINDOW, Fuse, outcomes
from services.runtime.fold.intake import Intake
from services.runtime.fold.quarantine import Refused


@dataclass(frozen=True)
class At:
    """A record of which only the offset matters."""

    offset: int


def refused(offset: int) -> Refused:
    record: Any = At(offset)
    return Refused(record, "not-json", "the value is no JSON")


def arrived(offset: int) -> Arrival:
    record: Any = At(offset)
    return Arrival(Mock(), record)


def test_outcomes_are_in_the_order_of_the_log_also_where_the_fold_refused() -> None:
    good = [arrived(offset) for offset in (3, 5, 6)]
    intake = Intake({}, good, [refused(4), refused(6)])

    assert outcomes(intake) == b"\0\1\0\1"


def test_it_blows_when_more_than_half_of_the_window_is_bad() -> None:
    fuse = Fuse(window=10)
    fuse.check("t", [b"\1" * 5], [refused(0)])

    with pytest.raises(FuseBlown, match="6 of the last 6"):
        fuse.check("t", [b"\1"], [refused(0)])


def test_a_tenth_of_a_large_batch_does_not_blow_it() -> None:
    intake = Intake({}, [], [refused(n) for n in range(0, 500, 10)])
    intake.arrivals = [arrived(n) for n in range(500) if n % 10]

    Fuse().check("t", [outcomes(intake)], intake.refused)


@pytest.mark.parametrize("good_first", [True, False])
def test_partitions_of_a_step_count_in_turns_in_whatever_order_they_come(good_first: bool) -> None:
    partitions = sorted([b"\1" * 400, b"\0" * WINDOW], reverse=not good_first)

    with pytest.raises(FuseBlown, match="51 of the last 100"):
        Fuse().check("t", partitions, [refused(0)])


def test_what_is_remembered_counts_from_all_partitions_alike() -> None:
    fuse = Fuse(window=10)
    fuse.remember("t", [b"\1" * 100, b"\0" * 100, b""])
    fuse.check("t", [b"\0"], [])

    with pytest.raises(FuseBlown, match="6 of the last 10"):
        fuse.check("t", [b"\1\1"], [refused(0)])


def test_good_records_mend_what_was_remembered() -> None:
    fuse = Fuse(window=10)
    fuse.remember("t", [b"\1" * 10])
    fuse.check("t", [bytes(8)], [])

    fuse.check("t", [b"\1"], [refused(0)])
