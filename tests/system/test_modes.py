"""Every command of every API, asked in an exercise: refused where things are real, and never mixed with what is live where they may be exercises."""

from typing import Any

import pytest

from tests.system.fuzz import Judge, Operation
from tests.system.house import opened
from tests.system.recipes import Recipes

EXERCISE = {"Concord-Mode": "exercise"}
KEEPING = ("meetings", "operations")
"""Services whose things may be exercises."""
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
async def house(topics: list[str], kafka_servers: str, database: Any, environment: Any, token: Any, tmp_path_factory: Any) -> Any:
    async with opened(topics, kafka_servers, database, environment, token, tmp_path_factory) as house:
        yield house


@pytest.fixture(scope="module")
def commands(operations: list[Operation]) -> list[Operation]:
    return [operation for operation in operations if operation.method != "get"]


def asked(judge: Judge, operation: Operation, at: dict[str, str], more: dict[str, Any], mode: dict[str, str]) -> Any:
    """As it succeeds, but in this mode."""
    return judge.ask(operation, *operation.roles, at=at, **{**more, "headers": {**more.get("headers", {}), **mode}})


def test_each_document_tells_which_modes_a_command_takes(commands: list[Operation]) -> None:
    for operation in commands:
        for parameter in operation.definition.get("parameters", []):
            if parameter["name"] == "Concord-Mode":
                assert ("exercise" in parameter["schema"]["enum"]) == (operation.service in KEEPING), operation.key
                assert "exercise" in parameter["description"], operation.key


def test_what_is_real_is_not_changed_in_an_exercise(judge: Judge, recipes: Recipes, commands: list[Operation]) -> None:
    real = [operation for operation in commands if operation.service not in KEEPING]
    assert {operation.service for operation in real} == {"partners", "contacts", "capacity", "reporting", "notifications"}
    for operation in real:
        at, more = recipes.of(operation)
        refused = asked(judge, operation, at, more, EXERCISE)
        assert refused.status_code == 422, operation.key
        assert refused.json()["errors"] == [{"field": "Concord-Mode", "reason": refused.json()["errors"][0]["reason"]}], operation.key
        live = asked(judge, operation, at, more, {})
        assert live.is_success, f"{operation.key} was changed all the same: {live.text[:300]}"
    assert judge.wrong == []


@pytest.mark.parametrize(("made", "other", "told"), [({}, EXERCISE, "no exercise"), (EXERCISE, {}, "say so in every step")])
def test_what_began_as_an_exercise_stays_one_and_nothing_else_becomes_one(
    judge: Judge, recipes: Recipes, commands: list[Operation], made: dict[str, str], other: dict[str, str], told: str
) -> None:
    kept = [operation for operation in commands if operation.service in KEEPING]
    assert {operation.service for operation in kept} == set(KEEPING)
    recipes.mode = made
    for operation in kept:
        at, more = recipes.of(operation)
        if "{" in operation.path:
            mixed = asked(judge, operation, at, more, other)
            assert (mixed.status_code, told in mixed.text) == (409, True), f"{operation.key}: {mixed.text[:300]}"
        answer = asked(judge, operation, at, more, made)
        assert answer.is_success, f"{operation.key}: {answer.text[:300]}"
        assert answer.json()["exercise"] is bool(made), operation.key
    assert judge.wrong == []
