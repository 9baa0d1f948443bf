"""How a service reads Kafka: nothing acknowledged before it is stored, from the very first record, one subscriber per group."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.kafka.subscriber.usecase import BatchSubscriber
from prometheus_client import CollectorRegistry

from deploy.docs import services
from deploy.docs.pages import declared
from deploy.docs.services import DUMMY, Service
from shared import db, kafka

EACH = pytest.mark.parametrize("service", services.everyone(), ids=lambda service: service.name)
PERSONAL = {"notifications"}
"""Services that may hear of persons: they write to them."""
TOPICS = ["partners.partner.v1", "partners.instrument.v1"]


def sins(service: str, subscribers: Sequence[Any]) -> Iterator[str]:
    """What would lose facts, or read them out of order."""
    groups = [subscriber.group_id for subscriber in subscribers]
    if len(groups) != len(set(groups)):
        yield "two subscribers in one group"
    for subscriber in subscribers:
        if not isinstance(subscriber, BatchSubscriber):
            yield "takes records one by one"
        if subscriber.ack_policy is not AckPolicy.NACK_ON_ERROR:
            yield f"acknowledges by {subscriber.ack_policy}"
        if subscriber._connection_args["auto_offset_reset"] != "earliest":
            yield "begins at the end"
        if subscriber._connection_args["enable_auto_commit"]:
            yield "commits by the clock"
        if subscriber.group_id != service and not (subscriber.group_id or "").startswith(f"{service}."):
            yield "is in a group of another name"
        if set(subscriber.topic_names_for_subscribe) - set(declared()):
            yield "reads what is not declared"


async def handle(records: Any) -> None:
    """Nothing."""


def broker_with(router: KafkaRouter) -> KafkaBroker:
    broker = kafka.connect("127.0.0.1:1", "reporting", CollectorRegistry())
    broker.include_router(router)
    return broker


@EACH
def test_readers_keep_the_house_rules(service: Service) -> None:
    assert list(sins(service.name, list(service.app.state.broker.subscribers))) == []


def test_a_reader_made_by_the_kernel_keeps_them() -> None:
    router = kafka.read(TOPICS, "reporting", db.connect(DUMMY["database_url"]), handle)
    assert list(sins("reporting", list(broker_with(router).subscribers))) == []


@pytest.mark.parametrize(
    ("made", "sin"),
    [
        ({"auto_offset_reset": "latest"}, "begins at the end"),
        ({"batch": False}, "takes records one by one"),
        ({"ack_policy": AckPolicy.ACK_FIRST}, "acknowledges by"),
        ({"group_id": "partners"}, "is in a group of another name"),
        ({"topic": "partners.forgotten.v1"}, "reads what is not declared"),
    ],
)
def test_each_sin_is_found(made: dict[str, Any], sin: str) -> None:
    good = {
        "topic": TOPICS[0],
        "group_id": "reporting",
        "auto_offset_reset": "earliest",
        "batch": True,
        "ack_policy": AckPolicy.NACK_ON_ERROR,
    }
    told = {**good, **made}
    router = KafkaRouter()
    router.subscriber(told.pop("topic"), **told)(handle)
    found = list(sins("reporting", list(broker_with(router).subscribers)))
    assert any(one.startswith(sin) for one in found), found


def test_two_subscribers_in_one_group_are_found() -> None:
    router = KafkaRouter(ack_policy=AckPolicy.NACK_ON_ERROR)
    for topic in TOPICS:
        router.subscriber(topic, group_id="reporting", auto_offset_reset="earliest", batch=True)(handle)
    assert list(sins("reporting", list(broker_with(router).subscribers))) == ["two subscribers in one group"]


@EACH
def test_publishers_are_the_declared_ones(service: Service) -> None:
    mine = {topic for topic in declared() if topic.split(".")[0] == service.name}
    assert set(service.publishes) == mine
    assert {publisher.topic for publisher in service.app.state.broker.publishers} == mine


def test_every_event_that_feeds_a_figure_reaches_its_reader() -> None:
    """No fact that feeds a figure goes where the service that makes figures does not listen."""
    from shared.events import catalogue

    for service in services.everyone():
        heard = {topic for topics in service.groups.values() for topic in topics}
        assert service.name in PERSONAL or not any(topic.endswith(".personal.v1") for topic in heard), "figures need no persons"
        if service.name == "reporting":
            assert {event.topic for event in catalogue().values() if event.feeds} <= heard
