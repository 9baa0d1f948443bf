"""What the fuzzer needs: each API as its own document tells it, a client that judges every answer by that document, and the tally."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import getitem
from typing import Any

import httpx
from jsonschema_rs import Draft202012Validator

PROBLEM = "application/problem+json"
NOWHERE = "00000000-0000-4000-8000-000000000000"
METHODS = ("get", "post", "put", "delete", "patch", "head", "options", "trace")


@dataclass(frozen=True)
class Operation:
    """One operation of a document."""

    service: str
    name: str
    method: str
    path: str
    definition: dict[str, Any] = field(hash=False, compare=False)

    @property
    def key(self) -> str:
        """As in the table of roles."""
        return f"{self.service}.{self.name}"

    @property
    def roles(self) -> list[str]:
        return list(self.definition["x-roles"])

    @property
    def takes_body(self) -> bool:
        """JSON, that is; what a form uploads is its own test's."""
        return "application/json" in self.definition.get("requestBody", {}).get("content", {})

    @property
    def conditional(self) -> bool:
        return "412" in self.definition["responses"]

    def takes(self, name: str) -> bool:
        return any(parameter["name"] == name for parameter in self.definition.get("parameters", []))


@dataclass
class Api:
    """A service's document as it serves it."""

    service: str
    url: str
    document: dict[str, Any]
    validators: dict[tuple[str, ...], Any] = field(default_factory=dict)
    fine: set[tuple[tuple[str, ...], bytes]] = field(default_factory=set)
    """Bodies judged already: the same page is answered to many."""

    @classmethod
    def of(cls, service: str, url: str) -> "Api":
        return cls(service, url, httpx.get(f"{url}/openapi.json").raise_for_status().json())

    @cached_property
    def operations(self) -> list[Operation]:
        return [
            Operation(self.service, told["operationId"], method, path, told)
            for path, below in self.document["paths"].items()
            for method, told in below.items()
        ]

    def faults(self, operation: Operation | None, status: int, headers: Any, body: bytes) -> Iterator[str]:
        """Everything an answer says that the document does not; `operation` None: no operation was met, so it is a problem."""
        media = headers.get("content-type", "").partition(";")[0]
        if status >= 500:
            yield f"{status}: {body[:200]!r}"
        if operation is None:
            yield from () if media == PROBLEM else [f"{status} is {media or 'empty'}, not a problem"]
            yield from self._shape(("components", "schemas", "Problem"), body)
            return
        told = operation.definition["responses"].get(str(status))
        if told is None:
            yield f"{status} is not documented"
        elif media not in told["content"]:
            yield f"{status} as {media or 'nothing'} is not documented"
        elif "json" in media:
            yield from self._shape(("paths", operation.path, operation.method, "responses", str(status), "content", media, "schema"), body)
        missing = {"401": "www-authenticate", "405": "allow", "503": "retry-after"}.get(str(status))
        if missing and missing not in headers:
            yield f"{status} without {missing}"

    def _shape(self, place: tuple[str, ...], body: bytes) -> Iterator[str]:
        if place not in self.validators:
            schema = {**reduce(getitem, place, self.document), "components": self.document["components"]}
            self.validators[place] = Draft202012Validator(schema, validate_formats=True)
        found = [] if (place, body) in self.fine else list(self.validators[place].iter_errors(json.loads(body)))
        yield from (f"{error.instance_path}: {error.message[:200]}" for error in found)
        if not found:
            self.fine.add((place, body))


@dataclass
class Judge:
    """Sends requests as somebody, counts every answer and keeps what is wrong with it."""

    apis: dict[str, Api]
    token: Callable[..., str]
    http: httpx.Client
    tally: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    roles_seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)
    bearers: dict[Any, str] = field(default_factory=dict)

    def bearer(self, *roles: str, countries: tuple[str, ...] = ("*",), sub: str = "fuzzer") -> str:
        key = (roles, countries, sub)
        if key not in self.bearers:
            self.bearers[key] = self.token(*roles, countries=list(countries), sub=sub)
        return self.bearers[key]

    def seen(self, operation: Operation, role: str, answer: Any, what: str) -> None:
        """Count an answer and keep its faults; works for the answers of every client."""
        self.tally[operation.key][answer.status_code] += 1
        if answer.status_code != 403 or role not in operation.roles:
            self.roles_seen[operation.key].add(role)
        for fault in self.apis[operation.service].faults(operation, answer.status_code, answer.headers, answer.content):
            self.wrong.append(f"{operation.key} as {role}: {what}: {fault}")

    def ask(self, operation: Operation, *roles: str, at: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """One request, answered as documented or noted."""
        path = operation.path.format_map(at or {})
        caller = {"countries": more.pop("countries", ("*",)), "sub": more.pop("sub", "fuzzer")}
        headers = {"Authorization": f"Bearer {self.bearer(*roles, **caller)}", **more.pop("headers", {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        answer = self.http.request(operation.method.upper(), self.apis[operation.service].url + path, headers=headers, **more)
        self.seen(operation, "+".join(roles) if len(roles) < 12 else "everybody", answer, f"{path} {headers | more}"[:600])
        return answer

    def table(self) -> str:
        """Operation x status, as the note shows it."""
        statuses = sorted({status for counts in self.tally.values() for status in counts})
        width = max(map(len, self.tally))
        lines = [f"{'operation':{width}}" + "".join(f"{status:>7}" for status in statuses)]
        for key in sorted(self.tally):
            lines.append(f"{key:{width}}" + "".join(f"{self.tally[key][status] or '':>7}" for status in statuses))
        return "\n".join(lines)
