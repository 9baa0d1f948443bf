"""Records as rows of facts, or the reason why one is none."""

from datetime import UTC, datetime
from typing import Any

from services.reporting.domain import instance_of
from services.reporting.projections.rows import Row
from shared.events import Event, Malformed, decoder
from shared.offsets import Record
from shared.records import known


def row_of(record: Record) -> Row | None:
    """A record as a row; None where it is not ours to know; raises `Malformed` with the reason."""
    if record.value is None:
        raise Malformed("tombstone on a fact topic")
    if not record.value:
        raise Malformed("value is empty")
    met = known(record)
    if met is None:
        return None
    said, event = met
    data, corrects = _read(event, record.value)
    return Row(
        source=said.source,
        subject=said.subject,
        aggversion=said.aggversion,
        id=said.id,
        type=said.type,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        time=_utc("time", said.time),
        recordedtime=_utc("recordedtime", said.recordedtime),
        country=said.country,
        instance=instance_of(said.source),
        mode=said.mode,
        classification=said.classification,
        actor=said.actor,
        correlationid=said.correlationid,
        causationid=said.causationid,
        corrects=corrects,
        data=data,
    )


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


def _utc(name: str, at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Malformed(f"attribute {name} lies outside of every calendar") from error
