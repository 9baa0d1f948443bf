"""What is written from the code is up to date, the same each time, and valid by public schemas."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.routing import Route

from deploy.docs import __main__ as docs
from deploy.docs import asyncapi, schemas, services
from deploy.docs.services import ROOT, Service
from shared import auth
from shared.web.route import Guarded

VENDOR = Path(__file__).parent / "vendor"
EVERYONE = services.everyone()
EACH = pytest.mark.parametrize("service", EVERYONE, ids=lambda service: service.name)


@pytest.fixture(scope="module")
def specification() -> Draft7Validator:
    return Draft7Validator(json.loads((VENDOR / "asyncapi" / "asyncapi-3.0.0.json").read_text()))


def errors(validator: Draft7Validator, document: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]


def test_nothing_is_stale_in_another_process() -> None:
    # Another seed for hashes: what depends on the order of a set would differ.
    done = subprocess.run(
        [sys.executable, "-m", "deploy.docs", "--check"],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_stale_file_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    wanted = docs.documents()
    page = docs.EVENTS / "README.md"
    monkeypatch.setattr(docs, "documents", lambda: {**wanted, page: wanted[page] + "one fact more\n"})
    with pytest.raises(typer.Exit) as ended:
        docs.main(check=True)
    assert ended.value.exit_code == 1
    assert "stale: docs/events/README.md" in capsys.readouterr().err


def test_a_broken_schema_is_never_written_over(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    found = schemas.Break("partners.partner.registered.v1", "kind", "is gone", ("services/reporting/views.py:7",))
    monkeypatch.setattr(schemas, "breaks", lambda event: [found] if event.type == found.event else [])
    monkeypatch.setattr(docs, "_write", lambda wanted: pytest.fail("written over"))
    with pytest.raises(typer.Exit):
        docs.main()
    assert "kind is gone; read by services/reporting/views.py:7" in capsys.readouterr().err


def test_every_event_has_its_page() -> None:
    catalogue = (docs.EVENTS / "README.md").read_text()
    for event in schemas.events():
        page = (docs.EVENTS / f"{event.topic}.md").read_text()
        assert f"\n## {event.type}\n" in page
        assert f"`{event.type}`" in catalogue
        for field in event.model_fields:
            assert f"| `{field}` |" in page or event.classification == "personal"


@EACH
def test_bounds_are_said_in_words_of_json_schema(service: Service) -> None:
    told = json.dumps(service.openapi())
    assert not [word for word in ("ge", "le", "gt", "lt") if f'"{word}":' in told]
    assert '"maximum": 500' in told, "the longest page"


@EACH
def test_asyncapi_is_valid(service: Service, specification: Draft7Validator) -> None:
    written = json.loads((docs.EVENTS / f"{service.name}.asyncapi.json").read_text())
    assert written == json.loads(json.dumps(asyncapi.of(service)))
    assert errors(specification, written) == []
    actions = {operation["action"] for operation in written["operations"].values()}
    assert actions == {*(["send"] if service.publishes else []), *(["receive"] if service.groups else [])}


@EACH
async def test_asyncapi_as_it_is_served_is_valid(service: Service, specification: Draft7Validator) -> None:
    import httpx

    async with httpx.AsyncClient(transport=httpx.ASGITransport(service.app), base_url="http://service") as http:
        answer = await http.get("/asyncapi.json")
    assert answer.status_code == 200
    assert errors(specification, answer.json()) == []
    assert set(service.publishes) <= {channel["address"].split(":")[0] for channel in answer.json()["channels"].values()}


def test_the_asyncapi_schema_does_refuse(specification: Draft7Validator) -> None:
    assert errors(specification, {"asyncapi": "3.0.0", "info": {"title": "no version"}})
    assert errors(specification, {"asyncapi": "3.0.0", "info": {"title": "t", "version": "1"}, "channels": {"a": {"address": 7}}})


@EACH
def test_openapi_is_valid(service: Service) -> None:
    OpenAPIV31SpecValidator(json.loads(json.dumps(service.openapi()))).validate()


def guarded(service: Service) -> Iterator[Guarded]:
    def below(routes: list[Any]) -> Iterator[Guarded]:
        for route in routes:
            if isinstance(route, Guarded):
                yield route
            else:
                yield from below(getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None) or [])

    return below(service.app.routes)


def test_the_table_of_roles_is_the_routes() -> None:
    operations = {f"{service.name}.{route.name}" for service in EVERYONE for route in guarded(service)}
    rows = set(auth.table())
    assert operations - rows == set(), "nobody may: no row in docs/roles.md"
    assert rows - operations == set(), "rows of docs/roles.md without a route"
    assert all(auth.table().values()), "a row without a role"


@EACH
def test_every_documented_operation_is_guarded_and_the_reverse(service: Service) -> None:
    documented = {(path, method) for path, told in service.openapi()["paths"].items() for method in told}
    assert documented == {(route.path_format, method.lower()) for route in guarded(service) for method in route.methods}
    open_to_all = {route.path for route in service.app.routes if isinstance(route, Route) and not isinstance(route, Guarded)}
    assert open_to_all <= {"/openapi.json", "/health/live", "/health/ready", "/metrics", "/asyncapi.json"}
