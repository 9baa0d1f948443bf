"""What each OpenAPI document promises of answers: every schema typed all the way down, every refusal and header told."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.docs import services
from deploy.docs.services import Service
from shared.web.problems import MEDIA

EVERYONE = services.everyone()
EACH = pytest.mark.parametrize("service", EVERYONE, ids=lambda service: service.name)
SCALARS = {"string", "integer", "number", "boolean", "null"}
ALWAYS = {"400", "401", "403", "404", "405", "413", "422", "503"}


def vague(schema: Any, place: str) -> Iterator[str]:
    """Places within a schema where any value at all would do."""
    if not isinstance(schema, dict):
        yield f"{place} is {schema!r}"
        return
    one_of = [key for key in ("anyOf", "oneOf", "allOf") if key in schema]
    for key in one_of:
        for index, each in enumerate(schema[key]):
            yield from vague(each, f"{place}/{key}/{index}")
    if one_of or "$ref" in schema or "enum" in schema or "const" in schema:
        return
    if schema.get("type") == "object":
        members = schema.get("properties", {})
        for name, each in members.items():
            yield from vague(each, f"{place}/{name}")
        if not members or "additionalProperties" in schema:
            yield from () if schema.get("additionalProperties") is False else vague(schema.get("additionalProperties"), f"{place}/*")
    elif schema.get("type") == "array":
        yield from vague(schema.get("items"), f"{place}/[]")
    elif schema.get("type") not in SCALARS:
        yield f"{place} has no type"


def schemas(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every schema there is, and where."""
    yield from (("components/" + name, schema) for name, schema in document["components"]["schemas"].items())
    for path, below in document["paths"].items():
        for method, told in below.items():
            here = f"{method} {path}"
            contents = [told["requestBody"]] if "requestBody" in told else []
            contents += told["responses"].values()
            yield from ((f"{here} {parameter['name']}", parameter["schema"]) for parameter in told.get("parameters", []))
            yield from ((f"{here} {media}", content["schema"]) for part in contents for media, content in part["content"].items())
            yield from ((f"{here} {n}", header["schema"]) for part in told["responses"].values() for n, header in part["headers"].items())


@EACH
def test_every_schema_is_typed_all_the_way_down(service: Service) -> None:
    assert [fault for place, schema in schemas(service.openapi()) for fault in vague(schema, place)] == []


@pytest.mark.parametrize(
    "schema",
    [
        {}, True, None, {"title": "X"}, {"type": "object"}, {"type": "object", "additionalProperties": True}, {"type": "array"},
        {"type": "array", "items": {}}, {"anyOf": [{"type": "string"}, {}]}, {"type": "object", "properties": {"a": {"title": "A"}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {}},
    ],
)  # fmt: skip
def test_a_vague_schema_would_be_found(schema: Any) -> None:
    assert list(vague(schema, "here"))


@EACH
def test_every_operation_tells_its_refusals_and_headers(service: Service) -> None:
    for path, below in service.openapi()["paths"].items():
        for method, told in below.items():
            conditional = any(parameter["name"] == "If-Match" for parameter in told.get("parameters", []))
            expected = ALWAYS | ({"412", "428"} if conditional else set()) | ({"415"} if "requestBody" in told else set())
            refusing = path.endswith("/delta") or any(parameter["name"] == "aggregate" for parameter in told.get("parameters", []))
            expected |= {"409"} if method != "get" or refusing else set()
            here = f"{method} {path}"
            assert {status for status in told["responses"] if status >= "3"} == expected, here
            for status in expected:
                assert list(told["responses"][status]["content"]) == [MEDIA], (here, status)
            assert all("X-Correlation-Id" in answer["headers"] for answer in told["responses"].values()), here
            for status, header in (("401", "WWW-Authenticate"), ("405", "Allow"), ("503", "Retry-After")):
                assert header in told["responses"][status]["headers"], (here, status)
            assert (
                "201" not in told["responses"] or path == "/coverage" or {"ETag", "Location"} <= set(told["responses"]["201"]["headers"])
            ), here
            if conditional:
                assert "ETag" in told["responses"]["200"]["headers"], here
                assert "current" in json.dumps(told["responses"]["412"]["content"][MEDIA]["schema"]), here


@EACH
def test_an_operation_is_called_as_in_the_table_of_roles_and_tells_who_may(service: Service) -> None:
    from shared import auth

    told = {operation["operationId"]: operation["x-roles"] for below in service.openapi()["paths"].values() for operation in below.values()}
    rows = {name.partition(".")[2]: sorted(may) for name, may in auth.table().items() if name.startswith(f"{service.name}.")}
    assert told == rows


@EACH
def test_no_parameter_can_be_null(service: Service) -> None:
    for path, below in service.openapi()["paths"].items():
        for told in below.values():
            assert all('"null"' not in json.dumps(parameter["schema"]) for parameter in told.get("parameters", [])), path
