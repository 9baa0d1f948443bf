"""JSON Schemas of the events: made from their classes, frozen in the tree, changed by addition alone.

A field may be added if it is optional. Anything else breaks readers that are deployed already: that is a new major of the type.
"""

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from deploy.docs.readers import of_event, of_field
from deploy.docs.services import ROOT
from shared.events import Event, catalogue

FROZEN = ROOT / "shared" / "events" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
REMARKS = ("title", "description", "examples", "$comment")
"""What a reader never depends upon."""


@dataclass(frozen=True, slots=True)
class Break:
    """One way in which a class is no longer what was promised."""

    event: str
    field: str
    what: str
    readers: tuple[str, ...] = ()

    def __str__(self) -> str:
        read = f"read by {', '.join(self.readers)}" if self.readers else "nobody in this tree reads it, others may"
        return f"{self.event}: {self.field} {self.what}; {read}. Publish a new major of the type instead."


def of(event: type[Event]) -> dict[str, Any]:
    """The schema of one event, its fields described by the sentences that stand under them."""
    made = event.model_json_schema()
    for name, text in remarks(event).items():
        if name in made.get("properties", {}):
            made["properties"][name]["description"] = text
    return {"$schema": DIALECT, "$id": f"/schemas/{event.type}.json", **made}


@cache
def remarks(event: type[Event]) -> Mapping[str, str]:
    """Field -> the sentence under it, inherited ones included."""
    found: dict[str, str] = {}
    for owner in reversed(event.__mro__):
        if not issubclass(owner, Event) or owner is Event:
            continue
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, after in pairwise(statements):
            match field, after:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = inspect.cleandoc(text)
                case _:
                    pass
    return found


def events() -> list[type[Event]]:
    """Every event ever published, by type."""
    return [event for _, event in sorted(catalogue().items())]


def file_of(event: type[Event], folder: Path = FROZEN) -> Path:
    """Where its schema is frozen."""
    return folder / f"{event.type}.json"


def text(document: Mapping[str, Any]) -> str:
    """JSON as it is kept in the tree."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def breaks(event: type[Event], folder: Path = FROZEN) -> list[Break]:
    """How the class differs from its frozen schema, in all but optional fields that were added; nothing where none is frozen."""
    file = file_of(event, folder)
    return list(_between(event, json.loads(file.read_text(encoding="utf-8")), of(event))) if file.exists() else []


def vanished(folder: Path = FROZEN) -> list[Break]:
    """Frozen types without a class: readers read every major ever published."""
    known = catalogue()
    types = sorted(file.stem for file in folder.glob("*.json") if file.stem not in known)
    return [Break(type_, "its class", "is gone") for type_ in types]


def _between(event: type[Event], frozen: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Break]:
    before, after = _plain(frozen, frozen), _plain(now, now)
    fields, there = before.pop("properties", {}), after.pop("properties", {})
    required, needed = set(before.pop("required", [])), set(after.pop("required", []))

    def broken(name: str, what: str) -> Break:
        return Break(event.type, name, what, tuple(map(str, of_field(event, name))))

    for name, schema in fields.items():
        if name not in there:
            yield broken(name, "is gone")
        elif there[name] != schema:
            yield broken(name, f"was {json.dumps(schema)} and is now {json.dumps(there[name])}")
        elif (name in needed) != (name in required):
            yield broken(name, "became required" if name in needed else "is required no longer")
    for name in there.keys() - fields.keys():
        if name in needed:
            yield broken(name, "was added and is required")
    if before != after:
        yield Break(event.type, "the payload itself", "changed its shape", tuple(map(str, of_event(event))))


def _plain(node: Any, root: Mapping[str, Any], *, names: bool = False) -> Any:
    """Without remarks and references, so that two schemas are compared by what they allow. `names`: keys are fields, not keywords."""
    if isinstance(node, dict):
        if "$ref" in node and not names:
            return _plain(root["$defs"][str(node["$ref"]).rsplit("/", 1)[-1]], root)
        dropped = () if names else (*REMARKS, "$defs", "$id", "$schema")
        return {key: _plain(value, root, names=key == "properties" and not names) for key, value in node.items() if key not in dropped}
    return [_plain(item, root) for item in node] if isinstance(node, list) else node
