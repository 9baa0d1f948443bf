"""The broker and the database as every instance and every test gets them."""

import time
from uuid import UUID

import asyncpg
import pytest
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from deploy.local import kafka
from deploy.local.postgres import Postgres


def described(servers: str, topic: str) -> dict[str, str]:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    client = AdminClient({"bootstrap.servers": servers})
    found = client.describe_configs([resource])[resource].result(10)
    return {name: entry.value for name, entry in found.items()}


def becomes(servers: str, topic: str, value: str) -> None:
    """The controller answers before the broker has heard."""
    end = time.monotonic() + 10
    while described(servers, topic)["retention.ms"] != value:
        assert time.monotonic() < end, f"retention.ms of {topic} does not become {value}"
        time.sleep(0.05)


def test_every_topic_is_as_declared(kafka_servers: str, topics: list[str]) -> None:
    there = AdminClient({"bootstrap.servers": kafka_servers}).list_topics(timeout=10).topics
    for name, declared in kafka.declared().items():
        assert len(there[name].partitions) == declared["partitions"]
        assert kafka.settings(declared).items() <= described(kafka_servers, name).items()


def test_facts_are_kept_for_ever_and_personal_details_only_as_the_last_one_says() -> None:
    for name, topic in kafka.declared().items():
        personal = topic["class"] == "personal"
        assert personal == name.endswith(".personal.v1")
        assert topic["cleanup.policy"] == ("compact" if personal else "delete")
        assert personal or topic["retention.ms"] == "-1"


def test_a_setting_that_was_changed_by_hand_is_set_again(kafka_servers: str, topics: list[str]) -> None:
    changed = ConfigEntry("retention.ms", "1000", incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topics[0], incremental_configs=[changed])
    client = AdminClient({"bootstrap.servers": kafka_servers})
    client.incremental_alter_configs([resource])[resource].result(10)
    becomes(kafka_servers, topics[0], "1000")
    assert kafka.create_topics(kafka_servers) == []
    becomes(kafka_servers, topics[0], "-1")


def test_other_partitions_than_declared_are_refused(kafka_servers: str, topics: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    declared = {**kafka.declared(), topics[0]: {**kafka.declared()[topics[0]], "partitions": 7}}
    monkeypatch.setattr(kafka, "declared", lambda: declared)
    with pytest.raises(kafka.Refused, match=f"{topics[0]} has 6 partitions, declared are 7"):
        kafka.create_topics(kafka_servers)


async def test_a_service_reaches_its_own_database_alone_and_with_its_own_password_only(postgres: Postgres) -> None:
    try:
        await postgres.create_database("one", "first-password")
        await postgres.create_database("two", "other-password")
        for database, password, error in (
            ("two", "first-password", asyncpg.InsufficientPrivilegeError),
            ("one", "other-password", asyncpg.InvalidPasswordError),
        ):
            with pytest.raises(error):
                await asyncpg.connect(host="127.0.0.1", port=postgres.port, user="one", password=password, database=database)
        own = await asyncpg.connect(host="127.0.0.1", port=postgres.port, user="one", password="first-password", database="one")
        await own.execute("CREATE TABLE mine (id int)")
        await own.close()
    finally:
        await postgres.drop_database("one")
        await postgres.drop_database("two")


async def test_data_pages_have_checksums(postgres: Postgres) -> None:
    connection = await asyncpg.connect(postgres.admin_url())
    try:
        assert await connection.fetchval("SHOW data_checksums") == "on"
        assert await connection.fetchval("SHOW password_encryption") == "scram-sha-256"
        assert int(await connection.fetchval("SHOW server_version_num")) // 10000 == 18
    finally:
        await connection.close()


def test_a_cluster_is_never_named_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter([UUID("f8" + "0" * 30), UUID("00" + "f8" * 15)])
    monkeypatch.setattr(kafka.uuid, "uuid4", lambda: next(given))
    assert kafka.cluster_id().startswith("APj"), "the first one begins with a hyphen"
    assert list(given) == []
