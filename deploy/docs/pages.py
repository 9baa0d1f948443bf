"""The catalogue of events as pages: one for each topic, and one that lists them."""

import json
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from deploy.docs import examples, schemas
from deploy.docs.readers import of_event
from deploy.docs.services import ROOT, Service
from shared.events import Event

WRITTEN = "<!-- Written by `python -m deploy.docs`; change the event's class instead. -->\n"


def declared() -> dict[str, dict[str, Any]]:
    """Topic -> its class and settings, as `deploy/topics.toml` has them."""
    told = tomllib.loads((ROOT / "deploy" / "topics.toml").read_text(encoding="utf-8"))
    return {name: {"class": topic["class"], **told["classes"][topic["class"]]} for name, topic in sorted(told["topics"].items())}


def catalogue(services: Sequence[Service]) -> str:
    """Every topic, then every event."""
    topics = [
        f"| [{name}]({name}.md) | {_publisher(name)} | {told['class']} | {_kept(told)} | {_groups(name, services)} |"
        for name, told in declared().items()
    ]
    events = [
        f"| [`{event.type}`]({event.topic}.md#{anchor(event)}) | {_sentence(event)} | {_feeds(event)} | {_readers(event)} |"
        for event in schemas.events()
    ]
    documents = [f"- {s.name}: [AsyncAPI 3]({s.name}.asyncapi.json) · [OpenAPI 3.1](../openapi/{s.name}.json)" for s in services]
    return "\n".join(
        [
            "# Events",
            "",
            WRITTEN,
            "Each fact is a CloudEvents 1.0 record in binary mode: the value is the payload's JSON, each attribute a header `ce_<name>`,",
            "the key is the subject. Per key the first record of each `ce_aggversion` comes in order; a record may come again, unchanged.",
            "Schemas are frozen in `shared/events/schemas/`, an example of each event in `shared/events/examples/`.",
            "",
            "| topic | publisher | class | kept | consumer groups |",
            "| --- | --- | --- | --- | --- |",
            *topics,
            "",
            "| event | what happened | feeds | read by |",
            "| --- | --- | --- | --- |",
            *events,
            "",
            "## Documents for machines",
            "",
            *documents,
            "",
        ]
    )


def topic(name: str, services: Sequence[Service]) -> str:
    """Everything about one topic."""
    told, events = declared()[name], [event for event in schemas.events() if event.topic == name]
    facts = [
        f"- Publisher: {_publisher(name)}",
        f"- Key: the id of the {name.split('.')[1].replace('_', ' ')} (`ce_subject`)",
        f"- Class: {told['class']}; {told['partitions']} {'partition' if told['partitions'] == 1 else 'partitions'}; kept {_kept(told)}",
        f"- Consumer groups: {_groups(name, services)}",
    ]
    return "\n".join([f"# {name}", "", WRITTEN, *facts, "", *(line for event in events for line in _event(event))])


def anchor(event: type[Event]) -> str:
    """Where its section is: as forges make them from a heading."""
    return event.type.replace(".", "")


def _event(event: type[Event]) -> Iterable[str]:
    schema, remarks = schemas.of(event), schemas.remarks(event)
    frozen = examples.file_of(event)
    example = json.loads(frozen.read_text(encoding="utf-8")) if frozen.exists() else examples.of(event)
    yield from (f"## {event.type}", "", " ".join((event.__doc__ or "").split()), "")
    yield f"Class `{event.__module__}.{event.__name__}` · {event.classification} · feeds {_feeds(event)} · read by {_readers(event)}"
    yield f"· [schema](../../shared/events/schemas/{event.type}.json)"
    yield ""
    if "properties" in schema:
        yield from ("| field | type | needed | |", "| --- | --- | --- | --- |")
        for field, told in schema["properties"].items():
            needed = "yes" if field in schema.get("required", []) else "no"
            yield f"| `{field}` | {kind(told, schema)} | {needed} | {' '.join(remarks.get(field, '').split())} |"
    else:
        yield "The value is one string, not JSON."
    headers = "\n".join(f"{header}: {value}" for header, value in example["headers"].items())
    value = example["text"] if "text" in example else json.dumps(example["data"], ensure_ascii=False, indent=2)
    yield from ("", "```text", f"key: {example['key']}", headers, "", value, "```", "")


def kind(told: dict[str, Any], schema: dict[str, Any]) -> str:
    """A JSON Schema as a few words."""
    if "$ref" in told:
        inner = schema["$defs"][told["$ref"].rsplit("/", 1)[-1]]
        return "{" + ", ".join(f"{name}: {kind(part, schema)}" for name, part in inner.get("properties", {}).items()) + "}"
    if "anyOf" in told:
        return " or ".join(kind(part, schema) for part in told["anyOf"] if part.get("type") != "null")
    if "enum" in told:
        return " · ".join(f"`{value}`" for value in told["enum"])
    if told.get("type") == "array":
        return f"list of {kind(told['items'], schema)}"
    if told.get("type") == "object" and isinstance(told.get("additionalProperties"), dict):
        return f"map of {kind(told['additionalProperties'], schema)}"
    return str(told.get("format", told.get("type", "any")))


def _kept(told: dict[str, Any]) -> str:
    return "the newest record of each key" if told["cleanup.policy"] == "compact" else "for ever"


def _publisher(topic: str) -> str:
    return topic.split(".", maxsplit=1)[0]


def _groups(name: str, services: Sequence[Service]) -> str:
    return ", ".join(sorted(group for service in services for group, topics in service.groups.items() if name in topics)) or "none"


def _readers(event: type[Event]) -> str:
    return ", ".join(sorted({place.service for place in of_event(event)})) or "nobody yet"


def _feeds(event: type[Event]) -> str:
    return ", ".join(event.feeds) or "no figure"


def _sentence(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split()).replace("|", "\\|")
