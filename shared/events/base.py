"""The one class to inherit from: what happened, in the past tense, as its publisher says it."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar, Literal
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError

import shared.events
from shared.events.envelope import Malformed

Classification = Literal["public", "restricted", "personal"]
EventId = UUID


class Event(BaseModel):
    """A fact's payload. Additive changes only; a break is a new class with the next `.v<major>` (`events.md` §6.1)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]
    classification: ClassVar[Classification] = "restricted"
    feeds: ClassVar[tuple[str, ...]] = ()
    """Codes of the indicators counted from it."""

    def payload(self) -> bytes:
        """The record's value: JSON, absent where nothing is said."""
        return self.model_dump_json(exclude_none=True).encode()


def catalogue() -> dict[str, type[Event]]:
    """Every type ever published, by its CloudEvents `type`."""
    for module in iter_modules(shared.events.__path__):
        import_module(f"shared.events.{module.name}")
    return {event.type: event for event in _below(Event)}


def event_class(event_type: str) -> type[Event] | None:
    """The class of a type, or None where it is not ours to know (skipped unread)."""
    return _catalogue().get(event_type)


@cache
def _catalogue() -> dict[str, type[Event]]:
    return catalogue()


def _below(base: type[Event]) -> Iterator[type[Event]]:
    for event in base.__subclasses__():
        if hasattr(event, "type"):
            yield event
        yield from _below(event)


upcasts: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""Old type -> (the next major's type, how its payload is read as that): readers read every major ever published."""


@cache
def decoder(event: type[Event]) -> Callable[[bytes], Any]:
    """Strict JSON bytes -> msgspec struct of the same fields; for hot paths, one definition and two decoders.

    What msgspec cannot mirror from annotations falls back to pydantic itself. Raises `Malformed` naming field and reason.
    """
    try:
        fields = [
            (name, field.annotation, msgspec.field(default=field.default) if not field.is_required() else msgspec.NODEFAULT)
            for name, field in event.model_fields.items()
            if not field.metadata
        ]
        if len(fields) != len(event.model_fields):
            return careful(event)
        struct = msgspec.defstruct(event.__name__, [(n, t) if d is msgspec.NODEFAULT else (n, t, d) for n, t, d in fields], kw_only=True)
        decode = msgspec.json.Decoder(struct).decode
    except TypeError:
        return careful(event)

    def fast(value: bytes) -> Any:
        try:
            return decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed(str(error)) from error

    return fast


def careful(event: type[Event]) -> Callable[[bytes], Any]:
    """Strict JSON bytes -> the event itself, where it need not be fast. Raises `Malformed` naming field and reason."""

    def read(value: bytes) -> Any:
        try:
            return event.model_validate_json(value, strict=True)
        except (ValidationError, UnicodeDecodeError) as error:
            raise Malformed(_first(error)) from error

    return read


def _first(error: ValidationError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "value is not UTF-8"
    worst = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(map(str, worst['loc'])) or 'value'}: {worst['msg']}"
