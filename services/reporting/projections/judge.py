"""Records as rows of facts, or the reason why one is none."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.reporting.domain import instance_of
from services.reporting.projections.rows import Row, line
from shared.events import Attributes, Event, Malformed, decoder
from shared.events.envelope import text_headers
from shared.offsets import Record
from shared.records import meant

_plain_moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII).fullmatch


def row_of(record: Record) -> Row | None:
    """A record as a row; None where it is not ours to know; raises `Malformed` with the reason."""
    if record.value is None:
        raise Malformed("tombstone on a fact topic")
    if not record.value:
        raise Malformed("value is empty")
    given = text_headers(record.headers)
    said = Attributes.of(given)
    event = meant(record, said)
    if event is None:
        return None
    data, corrects = _read(event, record.value)
    recorded = said.recordedtime.astimezone(UTC)
    fields = (
        said.source,
        _id(given, "ce_subject", said.subject),
        str(said.aggversion),
        _id(given, "ce_id", said.id),
        said.type,
        _moment(given, "ce_time", said.time),
        _moment(given, "ce_recordedtime", recorded),
        said.country or "",
        said.mode,
        said.classification,
        said.actor or "",
        _id(given, "ce_correlationid", said.correlationid),
        _id(given, "ce_causationid", said.causationid),
        instance_of(said.source),
        record.topic,
        str(record.partition),
        str(record.offset),
        str(corrects) if corrects else "",
        data,
    )
    return Row(record, recorded, line(fields))


# What came in the usual spelling is not spelled anew: PostgreSQL reads the very same.
def _id(given: dict[str, str], header: str, id_: UUID | None) -> str:
    if id_ is None:
        return ""
    told = given[header]
    return told if len(told) == 36 else str(id_)


def _moment(given: dict[str, str], header: str, at: datetime) -> str:
    told = given[header]
    return told if _plain_moment(told) else at.astimezone(UTC).isoformat()


def _read(event: type[Event], value: bytes) -> tuple[str, Any]:
    """The value as text, and which event it corrects; raises `Malformed`."""
    try:
        # All of it: what decodes the fields we know passes over the rest unread.
        data = value.decode()
        payload = decoder(event)(value)
    except UnicodeDecodeError as error:
        raise Malformed("value is not UTF-8") from error
    except RecursionError as error:
        raise Malformed("value is nested too deeply") from error
    return data, getattr(payload, "corrects", None)
