"""A record of a topic as what it is: the attributes of a fact and its class, or the reason why nothing can be made of it."""

from shared.events import Attributes, Event, Malformed, catalogue, event_class
from shared.offsets import Record


def publisher_of(name: str) -> str:
    """The service that a topic or type belongs to."""
    return name.split(".", 1)[0]


OURS = frozenset(publisher_of(event.topic) for event in catalogue().values())


def known(record: Record) -> tuple[Attributes, type[Event]] | None:
    """Attributes and class; None for what is said by nobody we know; raises `Malformed`, also for what ours will say one day."""
    said = Attributes.read(record.headers)
    event = meant(record, said)
    return None if event is None else (said, event)


def meant(record: Record, said: Attributes) -> type[Event] | None:
    """The class of what is said; as `known`."""
    event = event_class(said.type)
    if event is None:
        _refuse_ours(said.type)
        return None
    if event.topic != record.topic:
        raise Malformed(f"type {said.type} does not belong on {record.topic}")
    if (said.classification == "personal") != (event.classification == "personal"):
        raise Malformed(f"classification is {said.classification}, which its type is not")
    if "/services/" in said.source and not said.source.endswith(f"/services/{publisher_of(said.type)}"):
        raise Malformed("source is not the publisher of its type")
    if record.key is None:
        raise Malformed("key is missing")
    if record.key != str(said.subject).encode():
        raise Malformed("key is not the subject")
    return event


def _refuse_ours(event_type: str) -> None:
    if publisher_of(event_type) not in OURS:
        return
    stem, _, major = event_type.rpartition(".v")
    if major.isdigit() and any(there.rpartition(".v")[0] == stem for there in catalogue()):
        raise Malformed(f"future major: {event_type}")
    raise Malformed(f"unknown type: {event_type}")
