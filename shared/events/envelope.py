"""The CloudEvents 1.0 attributes of a fact (`events.md` §6.1), to and from Kafka headers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal, Self
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

Said = Annotated[str, msgspec.Meta(min_length=1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Mode = Literal["live", "exercise", "import"]
REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "recordedtime", "aggversion")


class Malformed(ValueError):
    """A record nothing can ever be made of; the reason names attribute or field."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from: who asked, in what mode, under which correlation, and when this instance learned it."""

    actor: str
    """`user:<uuid>` or `service:<name>`, never a name."""
    source: str
    """`/instances/<instance>/services/<service>`."""
    correlation: UUID
    now: datetime
    """Knowledge time, UTC; an import with the role `importer` may state an earlier one."""
    mode: Mode = "live"
    traceparent: str | None = None
    causation: UUID | None = None


def _header(name: str) -> str:
    """An attribute's header; `traceparent` goes plain, as tracing expects it."""
    return name if name == "traceparent" else f"ce_{name}"


# A struct: readers make one for each record, and this is the fastest way there is.
class Attributes(msgspec.Struct, frozen=True, rename=_header):
    """Every attribute but the payload. `time` is when it happened, `recordedtime` when this instance learned it (both UTC)."""

    id: UUID
    source: Said
    type: Said
    subject: UUID
    time: Moment
    recordedtime: Moment
    aggversion: int
    country: str | None = None
    mode: Mode = "live"
    classification: str = "restricted"
    audience: str = "instance"
    actor: str | None = None
    correlationid: UUID | None = None
    causationid: UUID | None = None
    dataschema: str | None = None
    purpose: str | None = None
    datacategories: str | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """Kafka headers of the binary mode."""
        named = {_header(name): _text(value) for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}
        return {"content-type": "application/json", "ce_specversion": "1.0", **named}

    @classmethod
    def read(cls, headers: Iterable[tuple[str, bytes]]) -> Self:
        """Attributes from a record's headers; raises `Malformed` naming the first attribute that is missing or wrong."""
        return cls.of(text_headers(headers))

    @classmethod
    def of(cls, given: dict[str, str]) -> Self:
        """The same from headers that are text already."""
        try:
            if given["ce_specversion"] == "1.0":
                said = msgspec.convert({**given, "ce_aggversion": _version(given["ce_aggversion"])}, cls)
                _require_calendar("time", said.time)
                _require_calendar("recordedtime", said.recordedtime)
                return said
        except (KeyError, Malformed, msgspec.ValidationError):
            pass
        return cls._careful(given)

    @classmethod
    def _careful(cls, given: dict[str, str]) -> Self:
        """The same, attribute by attribute: what is wrong is named, and other spellings of the same are taken."""
        missing = [name for name in REQUIRED if not given.get(f"ce_{name}")]
        if missing:
            raise Malformed(f"attribute {missing[0]} is missing")
        if given["ce_specversion"] != "1.0":
            raise Malformed("attribute specversion: only 1.0 is read")
        mode = given.get("ce_mode", "live")
        if mode not in ("live", "exercise", "import"):
            raise Malformed("attribute mode: live, exercise or import")
        return cls(
            id=_uuid(given, "id"),
            source=given["ce_source"],
            type=given["ce_type"],
            subject=_uuid(given, "subject"),
            time=_moment(given, "time"),
            recordedtime=_moment(given, "recordedtime"),
            aggversion=_version(given["ce_aggversion"]),
            country=given.get("ce_country"),
            mode=mode,  # type: ignore[arg-type]  # checked above
            classification=given.get("ce_classification", "restricted"),
            audience=given.get("ce_audience", "instance"),
            actor=given.get("ce_actor"),
            correlationid=_uuid(given, "correlationid") if given.get("ce_correlationid") else None,
            causationid=_uuid(given, "causationid") if given.get("ce_causationid") else None,
            dataschema=given.get("ce_dataschema"),
            purpose=given.get("ce_purpose"),
            datacategories=given.get("ce_datacategories"),
            traceparent=given.get("traceparent"),
        )


def text_headers(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Header values as text; one that is not UTF-8 is refused by name (and in a name `batches` has marked it with U+FFFD)."""
    given: dict[str, str] = {}
    name = ""
    try:
        for name, value in headers:
            given[name] = value.decode() if value else ""
    except UnicodeDecodeError as error:
        raise Malformed(f"header {name} is not UTF-8") from error
    if "\ufffd" in "".join(given):
        name = next(name for name in given if "\ufffd" in name)
        raise Malformed(f"header {name} is not UTF-8")
    return given


def subject_of(service: str, kind: str, reference: str) -> UUID:
    """The id of a thing known by a reference: the same reference is the same thing, on every instance."""
    return uuid5(NAMESPACE_URL, f"urn:concord:{service}:{kind}:{reference}")


def start_of(day: date) -> datetime:
    """A day as the moment it begins, UTC: valid time of facts that name only a day."""
    return datetime.combine(day, time(), UTC)


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and `Z`, the one spelling of a time on the wire."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(value: object) -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


def _uuid(given: dict[str, str], name: str) -> UUID:
    try:
        return UUID(given[f"ce_{name}"])
    except ValueError as error:
        raise Malformed(f"attribute {name} is not a UUID") from error


def _moment(given: dict[str, str], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(given[f"ce_{name}"])
    except ValueError as error:
        raise Malformed(f"attribute {name} is not an RFC 3339 time") from error
    if at.tzinfo is None:
        raise Malformed(f"attribute {name} has no zone")
    _require_calendar(name, at)
    return at


def _require_calendar(name: str, at: datetime) -> None:
    """At the edge of the calendar a moment of another zone has no UTC, and no database takes it."""
    if at.tzinfo is not UTC:
        try:
            at.astimezone(UTC)
        except OverflowError as error:
            raise Malformed(f"attribute {name} lies outside of every calendar") from error


def _version(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:20]) <= 2_147_483_647:
        raise Malformed("attribute aggversion is not a whole number from 1")
    return int(text)
