"""Header names that are no UTF-8: Kafka takes any bytes, its clients refuse the whole batch.

The name is escaped, and its bytes are told in a header before the record's own. That costs what
is well written nothing: a batch is read again by these rules only where reading it failed.
"""

from collections.abc import Iterator
from dataclasses import replace
from struct import unpack_from
from typing import Any

from aiokafka.record.default_records import (  # type: ignore[import-untyped]
    _DefaultRecordBatchPy as Rereadable,
)
from aiokafka.record.memory_records import MemoryRecords  # type: ignore[import-untyped]

HEADER_NAMES = "quarantine_header_names"
"""A record's first header, if any of its names is no UTF-8: their bytes, a NUL after each."""


class Fetched:
    """What a fetch brought of a partition, for aiokafka to read batch by batch."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._batches = MemoryRecords(raw)
        self.has_next, self.size_in_bytes = self._batches.has_next, self._batches.size_in_bytes

    def next_batch(self) -> "_Batch":
        """The next one."""
        return _Batch(self._batches.next_batch(), self._raw)


class _Batch:
    """As aiokafka's own, but that any name of a header is read."""

    def __init__(self, batch: Any, fetched: bytes) -> None:
        self._batch, self._fetched = batch, fetched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except UnicodeDecodeError:
            return map(_told, _reread(_slice(self._fetched, self._batch.base_offset)))


class _Escaping(bytearray):
    """Bytes whose slices decode, whatever they are."""

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return _Escaping(found) if isinstance(index, slice) else found

    def decode(self, *_: Any) -> str:
        """What is no UTF-8 becomes lone surrogates."""
        return super().decode("utf-8", "surrogateescape")


def _slice(fetched: bytes, base_offset: int) -> bytes:
    """The bytes of the batch: each begins with its offset and the length of what follows."""
    start = 0
    while True:
        offset, length = unpack_from(">qi", fetched, start)
        if offset == base_offset:
            return fetched[start : start + 12 + length]
        start += 12 + length


def _reread(batch: bytes) -> Iterator[Any]:
    records = iter(Rereadable(batch))
    records._buffer = _Escaping(records._buffer)
    yield from records


def _told(record: Any) -> Any:
    """The record, with the bytes of those names that are no UTF-8 before its own headers."""
    raw = [name.encode("utf-8", "surrogateescape") for name, _ in record.headers]
    escaped = [name.decode("utf-8", "backslashreplace") for name in raw]
    strange = [name for name, text in zip(raw, escaped, strict=True) if name != text.encode()]
    if not strange:
        return record
    headers = [(name, value) for name, (_, value) in zip(escaped, record.headers, strict=True)]
    told = b"".join(name + b"\0" for name in strange)
    return replace(record, headers=[(HEADER_NAMES, told), *headers])
