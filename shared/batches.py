"""Batches as aiokafka reads them, but for one thing: a header's name that is not UTF-8 stops nobody.

Its own reader raises in the middle of the batch: the records before it would be lost, and those after it never be read. Here
the bad bytes of a name become U+FFFD, and the envelope refuses that one record.
"""

from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy


def tolerate() -> None:
    """From now on every consumer of this process reads like this."""
    fetcher.MemoryRecords = _Records


class _Records(_MemoryRecordsPy):  # type: ignore[misc]  # aiokafka has no types
    def next_batch(self, *given: Any) -> Any:
        data = self._next_slice
        batch = super().next_batch(*given)
        return _Batch(batch, data) if isinstance(batch, DefaultRecordBatch) else batch


class _Batch:
    def __init__(self, batch: Any, data: memoryview) -> None:
        self._batch, self._data = batch, data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter([*self._batch])
        except (UnicodeDecodeError, CorruptRecordException):
            return iter(_Lenient(self._data))


class _Lenient(_DefaultRecordBatchPy):  # type: ignore[misc]
    def __iter__(self) -> Any:
        super().__iter__()
        self._buffer: bytearray = _Bytes(self._buffer)
        return self


class _Bytes(bytearray):
    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return _Bytes(found) if isinstance(key, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:
        return super().decode(encoding, errors)
