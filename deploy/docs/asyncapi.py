"""One AsyncAPI 3 document per service: what it sends and what it receives, with the CloudEvents headers and an example of each event."""

import json
from typing import Any

from deploy.docs import examples, schemas
from deploy.docs.readers import of_event, publisher
from deploy.docs.services import Service
from shared.events import Event
from shared.events.envelope import REQUIRED
from shared.web.app import VERSION

HEADERS: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode: each attribute is a header ce_<name>.",
    "required": ["content-type", *(f"ce_{name}" for name in REQUIRED)],
    "properties": {
        "content-type": {"type": "string"},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "Unique together with ce_source."},
        "ce_source": {"type": "string", "description": "/instances/<instance>/services/<service>"},
        "ce_type": {"type": "string"},
        "ce_subject": {"type": "string", "format": "uuid", "description": "The aggregate; also the record's key."},
        "ce_time": {"type": "string", "format": "date-time", "description": "When it happened (valid time)."},
        "ce_recordedtime": {"type": "string", "format": "date-time", "description": "When this instance learned it (knowledge time)."},
        "ce_aggversion": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "Place in the aggregate's history, from 1."},
        "ce_country": {"type": "string", "description": "Whose achievement it is; absent above countries."},
        "ce_mode": {"type": "string", "enum": ["live", "exercise", "import"]},
        "ce_classification": {"type": "string", "enum": ["public", "restricted", "personal"]},
        "ce_audience": {"type": "string"},
        "ce_actor": {"type": "string", "description": "An opaque reference, never a name."},
        "ce_correlationid": {"type": "string", "format": "uuid"},
        "ce_causationid": {"type": "string", "format": "uuid"},
        "ce_dataschema": {"type": "string"},
        "ce_datacategories": {"type": "string", "description": "What kind of personal data; codes separated by spaces."},
        "traceparent": {"type": "string"},
    },
}


def of(service: Service) -> dict[str, Any]:
    """The document; what is received are the topics of its consumer groups."""
    received = sorted({topic for topics in service.groups.values() for topic in topics})
    topics = sorted({*service.publishes, *received})
    known = {topic: [event for event in schemas.events() if event.topic == topic] for topic in topics}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Concord {service.name}", "version": VERSION, "license": {"name": "EUPL-1.2"}},
        "defaultContentType": "application/json",
        "channels": {topic: _channel(topic, known[topic]) for topic in topics},
        "operations": {
            **{f"send {topic}": _operation("send", topic) for topic in sorted(service.publishes)},
            **{f"receive {topic}": _operation("receive", topic) for topic in received},
        },
        "components": {
            "schemas": {"headers": HEADERS},
            "messages": {event.type: _message(event) for topic in topics for event in known[topic]},
        },
    }


def _channel(topic: str, events: list[type[Event]]) -> dict[str, Any]:
    messages = {event.type: {"$ref": f"#/components/messages/{_pointer(event.type)}"} for event in events}
    return {"address": topic, "messages": messages, "description": f"Facts of {topic}; key = subject, in order of aggversion for each key."}


def _operation(action: str, topic: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{_pointer(topic)}"}}


def _message(event: type[Event]) -> dict[str, Any]:
    example = json.loads(examples.file_of(event).read_text(encoding="utf-8")) if examples.file_of(event).exists() else examples.of(event)
    sealed = event.classification == "personal"
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": " ".join((event.__doc__ or "").split()),
        "contentType": "application/jose" if sealed else "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": _inlined(schemas.of(event)),
        "examples": [{"headers": example["headers"], "payload": example["text"] if sealed else example["data"]}],
        "x-publisher": publisher(event),
        "x-readers": sorted({place.service for place in of_event(event)}),
        "x-feeds": list(event.feeds),
    }


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Definitions put where they are used: a reference into a part of this document would lead nowhere."""
    definitions = schema.get("$defs", {})

    def put(node: Any) -> Any:
        if isinstance(node, dict):
            if "$ref" in node:
                return put(definitions[node["$ref"].rsplit("/", 1)[-1]])
            return {key: put(value) for key, value in node.items() if key not in ("$defs", "$schema", "$id")}
        return [put(item) for item in node] if isinstance(node, list) else node

    inlined: dict[str, Any] = put(schema)
    return inlined


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
