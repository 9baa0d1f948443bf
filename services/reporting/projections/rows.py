"""A fact's row, in the order of its columns: what is copied into PostgreSQL is a plain tuple."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Row(NamedTuple):
    """One fact."""

    source: str
    subject: UUID
    aggversion: int
    id: UUID
    type: str
    topic: str
    partition: int
    offset: int
    time: datetime
    recordedtime: datetime
    country: str | None
    instance: str
    mode: str
    classification: str
    actor: str | None
    correlationid: UUID | None
    causationid: UUID | None
    corrects: UUID | None
    data: str


COLUMNS = ", ".join(f'"{name}"' for name in Row._fields)
