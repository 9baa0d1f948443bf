"""A fact's row as COPY takes it in: a line of text, which PostgreSQL parses while the next record is judged."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from shared.offsets import Record

NAMES = (
    "source", "subject", "aggversion", "id", "type", "time", "recordedtime", "country", "mode", "classification", "actor",
    "correlationid", "causationid", "instance", "topic", "partition", "offset", "corrects", "data",
)  # fmt: skip
COLUMNS = ", ".join(f'"{name}"' for name in NAMES)
_UNSAFE = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Row(NamedTuple):
    """One fact, where it was read, and when it became known (UTC)."""

    record: Record
    recordedtime: datetime
    line: str


def line(fields: Iterable[str]) -> str:
    """The fields in the order of `NAMES`; an empty one is NULL."""
    fields = tuple(fields)
    told = "\t".join(fields)
    if "\\" in told or "\n" in told or "\r" in told or told.count("\t") >= len(NAMES):
        return "\t".join(field.translate(_UNSAFE) for field in fields)
    return told
