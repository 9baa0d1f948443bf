"""The API's document: FastAPI's own, made exact about who may, which headers there are, and what every refusal looks like."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared import auth
from shared.web.problems import MEDIA, RESPONSES, ProblemDetails

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
ETAG = {"description": "The version of this state, for If-Match", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
SHOWN: dict[int | str, dict[str, Any]] = {200: {"headers": {"ETag": ETAG}}}
"""Answers with the state of one thing and its ETag."""
MADE: dict[int | str, dict[str, Any]] = {
    201: {"headers": {"ETag": ETAG, "Location": {"description": "Where it is from now on", "schema": _TEXT}}}
}
"""Answers with what was made, its ETag and its address."""
_CORRELATION = {"description": "Given by the caller, else made up: it is in every log line and fact of this request", "schema": _TEXT}
_REPLAYED = {"description": "`true` where the answer to an earlier request with this key is given again", "schema": _TEXT}
_OF_REFUSAL: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"description": "How to sign in", "schema": _TEXT}},
    "405": {"Allow": {"description": "The methods of this address", "schema": _TEXT}},
    "503": {"Retry-After": {"description": "Seconds to wait", "schema": _NUMBER}},
}
_NO_EXERCISE = "What this is part of; `exercise` is refused with 422: what is kept here is the real world's"
_CHANGES = {"409"}
_CONDITIONAL = {"412", "428"}


def document(app: FastAPI) -> dict[str, Any]:
    """Made once, when first asked for."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, routes=app.routes, description="Concord's public API of this service.")
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}) | {"Problem": problem})
        made["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        for method, operation in _operations(made):
            _refine(app.state.service, method, operation, exercises=app.state.exercises)
        _link(made["paths"])
        app.openapi_schema = made
    return app.openapi_schema


def named(route: APIRoute) -> str:
    """An operation is called what it is called in the table of roles."""
    return route.name


def _operations(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in made["paths"].values():
        yield from path.items()


def _refine(service: str, method: str, operation: dict[str, Any], *, exercises: bool) -> None:
    operation["security"] = [{"bearer": []}]
    operation["x-roles"] = sorted(auth.table().get(f"{service}.{operation['operationId']}", ()))
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        parameter["schema"] = _bounded(_present(parameter["schema"]))
        parameter["required"] = parameter["required"] or parameter["name"] == "If-Match"
        if parameter["name"] == "Concord-Mode" and method != "get" and not exercises:
            modes = [mode for mode in parameter["schema"]["enum"] if mode != "exercise"]
            parameter |= {"description": _NO_EXERCISE, "schema": {**parameter["schema"], "enum": modes, "description": _NO_EXERCISE}}
    conditional = any(parameter["name"] == "If-Match" for parameter in parameters)
    responses = operation["responses"]
    unmeant = set() if conditional else set(_CONDITIONAL)
    unmeant |= set() if method != "get" or _told_by_the_route(responses["409"]) else _CHANGES
    unmeant |= set() if "requestBody" in operation else {"415"}
    for status in unmeant:
        responses.pop(status, None)
    if conditional:
        responses["412"]["content"][MEDIA]["schema"] = _stale(responses)
    for status, response in responses.items():
        _tell_headers(response, status, changes=method != "get")


def _told_by_the_route(response: dict[str, Any]) -> bool:
    return bool(response["description"] != RESPONSES[409]["description"])


def _link(paths: dict[str, Any]) -> None:
    """What was made can be shown and changed: its id and version are what those operations ask for."""
    for path, below in ((path, paths[path]["post"]) for path in paths if "201" in paths[path].get("post", {}).get("responses", {})):
        links = {}
        for place, operations in paths.items():
            if place.startswith(path + "/{id}"):
                for operation in operations.values():
                    asked = [parameter["name"] for parameter in operation["parameters"]]
                    version = {"header.If-Match": "$response.header.ETag"} if "If-Match" in asked else {}
                    given = {"path.id": "$response.body#/id", **version}
                    links[operation["operationId"]] = {"operationId": operation["operationId"], "parameters": given}
        if links:
            below["responses"]["201"]["links"] = links


def _present(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or is left out; none can be null."""
    there = [each for each in schema.get("anyOf", []) if each.get("type") != "null"]
    if not there:
        return schema
    beside = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**there[0], **beside} if len(there) == 1 else {"anyOf": there, **beside}


_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """Bounds behind a validator of ours keep pydantic's names for them, which no reader of JSON Schema knows."""
    return {_BOUNDS.get(name, name): value for name, value in schema.items()}


def _stale(responses: dict[str, Any]) -> dict[str, Any]:
    """The problem, and the state to decide upon again: what the command would have answered with."""
    current = next(response for status, response in responses.items() if status.startswith("2"))["content"]["application/json"]["schema"]
    more = {"type": "object", "properties": {"current": current}, "required": ["current"]}
    return {"allOf": [{"$ref": "#/components/schemas/Problem"}, more]}


def _tell_headers(response: dict[str, Any], status: str, *, changes: bool) -> None:
    headers = {**response.get("headers", {}), **_OF_REFUSAL.get(status, {}), "X-Correlation-Id": _CORRELATION}
    if changes and status.startswith("2"):
        headers["Idempotency-Replayed"] = _REPLAYED
    response["headers"] = headers
