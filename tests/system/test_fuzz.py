"""Every operation of every API, as its own document tells it: asked by each role, with values that can be and values that cannot.

Asserted of each answer there is: no 5xx, a documented status, the documented media type, a body of the documented schema.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection

from shared import auth
from tests.conftest import PROOF
from tests.system.fuzz import METHODS, NOWHERE, PROBLEM, Judge, Operation
from tests.system.house import SERVICES, opened
from tests.system.recipes import Recipes
from tests.system.strange import BROKEN, HEADERS, ODD, QUERIES, spoilt

SEED = int(os.environ.get("CONCORD_SEED", "20240301"))
ROLES = tuple(auth.ROLES)
ROUNDS = 10 if PROOF else 1
"""How often each role asks each operation with values made up, half of them against the schema; in a quick run one role in four does."""
pytestmark = pytest.mark.timeout(3600 if PROOF else 300)


@pytest.fixture(scope="module")
async def house(topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any) -> Any:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        await house.load()
        await house.settled()
        yield house


@pytest.fixture(autouse=True)
def nothing_is_wrong(judge: Judge) -> Iterator[None]:
    """After each test: every answer it had was one of the document's."""
    judge.wrong.clear()
    yield
    assert judge.wrong == [], f"{len(judge.wrong)} answers are not as documented (seed {SEED})"


def test_every_operation_succeeds_for_each_role_that_may_and_for_no_other(
    judge: Judge, recipes: Recipes, operations: list[Operation]
) -> None:
    for number, operation in enumerate(operations):
        for role in asking(operation, number):
            # What is only looked at, or refused, stays as it is for the next.
            again = operation.method == "get" or role not in operation.roles
            at, more = recipes.any_of(operation) if again else recipes.of(operation)
            answer = judge.ask(operation, role, at=at, **more)
            told = f"{operation.key} as {role}: {answer.status_code} {answer.text[:300]}"
            assert answer.is_success if role in operation.roles else answer.status_code == 403, told


def asking(operation: Operation, number: int) -> Sequence[str]:
    """Every role; a command in a quick run by one of those that may, each in its turn, and by all the others."""
    if PROOF or operation.method == "get":
        return ROLES
    return [operation.roles[number % len(operation.roles)], *(role for role in ROLES if role not in operation.roles)]


def somewhere(path: str) -> dict[str, str]:
    """Values for what an address names: things that are nowhere."""
    return {name: {"code": "iP1", "form": "csv"}.get(name, NOWHERE) for name in re.findall(r"{(\w+)}", path)}


def test_the_order_of_refusals(judge: Judge, recipes: Recipes, operations: list[Operation]) -> None:
    for operation in (each for each in operations if "{" in each.path and "{code}" not in each.path):
        nowhere = somewhere(operation.path)
        bad = {"content": b"{", "headers": {"Content-Type": "application/json", "If-Match": "*"}} if operation.takes_body else {}
        other = next((role for role in ROLES if role not in operation.roles), None)
        assert judge.ask(operation, at=nowhere, **{**bad, "headers": {**bad.get("headers", {}), "Authorization": None}}).status_code == 401
        if other:
            assert judge.ask(operation, other, at=nowhere, **bad).status_code == 403, operation.key
        assert judge.ask(operation, *operation.roles, at=nowhere, params={"on": "x", "purpose": "x"}, **bad).status_code == 404, (
            operation.key
        )
        if operation.takes_body:
            at, _ = recipes.of(operation)
            assert judge.ask(operation, *operation.roles, at=at, **bad).status_code == 422, operation.key
            bad["headers"]["Content-Type"] = "text/plain"
            assert judge.ask(operation, *operation.roles, at=at, **bad).status_code == 415, operation.key


def test_a_change_names_the_version_it_is_meant_for(judge: Judge, recipes: Recipes, operations: list[Operation]) -> None:
    for operation in (each for each in operations if each.conditional):
        at, more = recipes.of(operation)
        for given_, expected in ((None, 428), ('"999"', 412), ("nonsense", 412)):
            answer = judge.ask(operation, *operation.roles, at=at, **{**more, "headers": {"If-Match": given_}})
            assert answer.status_code == expected, operation.key
        version = answer.json()["current"]["version"]
        assert judge.ask(operation, *operation.roles, at=at, **{**more, "headers": {"If-Match": f'"{version}"'}}).is_success, operation.key


def test_a_command_sent_twice_is_done_once_and_answered_alike(judge: Judge, recipes: Recipes, operations: list[Operation]) -> None:
    for operation in (each for each in operations if each.method != "get"):
        at, more = recipes.of(operation)
        more["headers"] = {**more.get("headers", {}), "Idempotency-Key": f"twice {operation.key}"}
        first, again = (judge.ask(operation, *operation.roles, at=at, **more) for _ in range(2))
        assert first.is_success, operation.key
        assert (again.status_code, again.content) == (first.status_code, first.content), operation.key
        assert all(again.headers.get(name) == first.headers.get(name) for name in ("etag", "location", "content-type")), operation.key
        assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
        if operation.takes_body:
            other = {**more, "json": {**more["json"], "something": "else"}}
            assert judge.ask(operation, *operation.roles, at=at, **other).status_code == 422, operation.key
        another = judge.ask(operation, *operation.roles, at=at, sub="somebody else", **more)
        assert "idempotency-replayed" not in another.headers, "a key is its actor's own"


def test_what_belongs_to_a_country_is_changed_by_who_covers_it(judge: Judge, recipes: Recipes, operations: list[Operation]) -> None:
    # A list, a pack and what is done with them concern the countries of their rows, which only their content tells; a link is its holder's.
    # Whoever sent a list can discard it.
    whole = ("start_import", "cancel_import", "build_pack", "open_verification_link", "answer_verification_link")
    concerned = [each for each in operations if each.service == "contacts" and (each.method != "get" or each.path.startswith("/persons"))]
    # A record that could not be read is an operator's, whatever it was about.
    concerned = [each for each in concerned if each.name not in whole and not each.path.startswith("/dead-letters")]
    assert len(concerned) > 10
    for operation in [*concerned, *(each for each in operations if each.name in ("declare_coverage", "adopt_tool"))]:
        at, more = recipes.of(operation)
        assert judge.ask(operation, *operation.roles, at=at, countries=("NL",), **more).status_code == 403, operation.key
        assert judge.ask(operation, *operation.roles, at=at, countries=("NL", "AL"), **more).is_success, operation.key


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"iss": "http://elsewhere"}, {"exp": 1}, {"nbf": 2**40}, {"roles": None}, {"roles": []},
    {"roles": "administrator"}, {"roles": [["administrator"]]}, {"countries": {"AL": 1}}, {"sub": None}])  # fmt: skip
def test_a_token_that_proves_too_little_opens_nothing(
    judge: Judge, token: Any, operations: list[Operation], claims: dict[str, Any]
) -> None:
    bearer = token("administrator", **claims)
    for operation in operations:
        at = somewhere(operation.path)
        assert judge.ask(operation, at=at, headers={"Authorization": f"Bearer {bearer}"}).status_code == 401, operation.key


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic eDp5", "Bearer a.b.c", "Bearer " + "a" * 9000, b"Bearer \xff", "unsigned", "swapped"]
)
def test_a_forged_token_opens_nothing(judge: Judge, operations: list[Operation], header: Any) -> None:
    _, claims, signature = judge.bearer("administrator").split(".")
    header = {"unsigned": f"Bearer eyJhbGciOiJub25lIn0.{claims}.", "swapped": f"Bearer eyJhbGciOiJIUzI1NiJ9.{claims}.{signature}"}.get(
        header, header
    )
    for operation in operations[:: 1 if PROOF else 9]:
        at = somewhere(operation.path)
        assert judge.ask(operation, at=at, headers={"Authorization": header}).status_code == 401, operation.key


def test_addresses_and_methods_that_are_not_there(judge: Judge) -> None:
    for api in judge.apis.values():
        for path, below in api.document["paths"].items():
            there = path.format(**somewhere(path))
            for method in METHODS:
                if method not in below:
                    answer = judge.http.request(method, api.url + there)
                    assert answer.status_code == 405, (method, path)
                    assert set(answer.headers["allow"].lower().split(", ")) == set(below), (method, path)
                    assert answer.headers["content-type"] == PROBLEM
                    judge.wrong += [] if method == "head" else api.faults(None, 405, answer.headers, answer.content)
            for wrong in (there + "/", there + "/nowhere/at/all", "/" + there):
                answer = judge.http.get(api.url + wrong, headers={"Authorization": f"Bearer {judge.bearer(*ROLES)}"})
                assert answer.status_code == 404, wrong
                judge.wrong += api.faults(None, 404, answer.headers, answer.content)


def test_strange_requests(judge: Judge, recipes: Recipes, operations: list[Operation]) -> None:
    dice = random.Random(SEED)
    for operation in operations:
        at, more = recipes.any_of(operation)
        for headers in some(HEADERS, dice):
            judge.ask(operation, *ROLES, at=at, **{**more, "headers": {**more.get("headers", {}), **headers}})
        for query in some(QUERIES, dice):
            judge.ask(operation, *ROLES, at=at, **{**more, "params": httpx.QueryParams(query)})
        for strange in ("%00", "%ff", "x", NOWHERE.replace("-", ""), "{" + NOWHERE + "}", "9" * 400, "%F0%9F%92%A3", "%2E%2E%2F"):
            judge.ask(operation, *ROLES, at=dict.fromkeys(at, strange), **more)
        if operation.takes_body:
            kept = {name: value for name, value in more.items() if name != "json"}
            for content in [*some(BROKEN, dice), *some(ODD, dice), b"x" * 300_000]:
                judge.ask(
                    operation,
                    *ROLES,
                    at=at,
                    **{**kept, "content": content, "headers": {"Content-Type": "application/json", "If-Match": "*"}},
                )
            for _ in range(44 if PROOF else 3):
                judge.ask(operation, *ROLES, at=at, **{**kept, "json": {**more["json"], **spoilt(more["json"], dice)}})


def some(strange: Sequence[Any], dice: random.Random) -> Sequence[Any]:
    """All of them in a proof; else two for each operation, so that all meet some operation."""
    return strange if PROOF else dice.sample(strange, 2)


@pytest.mark.parametrize("service", SERVICES)
def test_made_up_requests_of_each_role(judge: Judge, recipes: Recipes, service: str) -> None:
    api = judge.apis[service]
    schema = schemathesis.openapi.from_dict(api.document)
    for number, operation in enumerate(api.operations):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            roles = ROLES if PROOF else ROLES[number % 4 :: 4]
            made_up(judge, recipes, operation, schema[operation.path][operation.method.upper()], mode, roles)


def anchor(case: Any, at: dict[str, str], more: dict[str, Any]) -> None:
    """Let a made-up request be about things that are there, so that it comes as far as the rules."""
    case.path_parameters.update(at)
    case.headers.update({"If-Match": "*"} if "headers" in more else {})
    case.headers.pop("Concord-Recorded-At", None)
    if isinstance(case.body, dict):
        names = {"partner_id", "authority_ref", "corrects"} | ({"country"} if case.operation.path.startswith("/contact") else set())
        case.body.update({name: value for name, value in more.get("json", {}).items() if name in names and name in case.body})


def made_up(judge: Judge, recipes: Recipes, operation: Operation, told: Any, mode: GenerationMode, roles: Sequence[str]) -> None:
    turn = cycle(roles)
    url = judge.apis[operation.service].url

    @seed(SEED)
    @settings(
        max_examples=ROUNDS * len(roles), deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(case=told.as_strategy(generation_mode=mode, headers={"Authorization": "Bearer of the role whose turn it is"}))
    def ask(case: Any) -> None:
        role = next(turn)
        if mode is GenerationMode.POSITIVE and role in operation.roles:
            anchor(case, *(recipes.of(operation) if PROOF else recipes.any_of(operation)))
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {judge.bearer(role)}"})
        case.validate_response(answer, checks=[negative_data_rejection])
        answer.headers = httpx.Headers({name: values[0] for name, values in answer.headers.items()})
        judge.seen(operation, role, answer, f"{case.method} {case.formatted_path} {case.query} {dict(case.headers)} {case.body!r}"[:600])

    try:
        ask()
    except Exception as error:
        if type(error).__name__ not in ("Unsatisfiable", "SkipTest"):
            raise


@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_as_it_comes_finds_nothing(judge: Judge, tmp_path: Path, service: str) -> None:
    # 428 is what RFC 6585 has for a missing If-Match; and some valid values are refused by rules that no schema can tell.
    (tmp_path / "st.toml").write_text("[checks.missing_required_header]\nexpected-statuses = [400, 401, 403, 415, 422, 428]\n")
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(tmp_path / "st.toml"),
        "run",
        f"{judge.apis[service].url}/openapi.json",
    ]
    told = [
        "--continue-on-failure",
        "--seed",
        str(SEED),
        "--max-examples",
        "60",
        "--exclude-checks",
        "positive_data_acceptance",
        "--no-color",
    ]
    done = subprocess.run(
        [*command, *told, "-H", f"Authorization: Bearer {judge.bearer(*ROLES)}"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout[-6000:]


if not PROOF:
    # Minutes for each service: a proof's. Nothing is collected that would be skipped.
    del test_schemathesis_as_it_comes_finds_nothing


def test_everything_was_asked_by_everybody(judge: Judge, operations: list[Operation], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{judge.table()}\nseed {SEED}, {sum(map(sum, (counts.values() for counts in judge.tally.values())))} requests")
    for number, operation in enumerate(operations):
        assert any(200 <= status < 300 for status in judge.tally[operation.key]), operation.key
        assert judge.roles_seen[operation.key] >= set(asking(operation, number)), operation.key
    assert not any(status >= 500 for counts in judge.tally.values() for status in counts)
