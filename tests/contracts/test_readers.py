"""How a service reads Kafka: nothing acknowledged before it is stored, from the very first record, one subscriber per group."""

import pytest
from faststream import AckPolicy
from faststream.kafka.subscriber.usecase import BatchSubscriber

from deploy.docs import services
from deploy.docs.pages import declared
from deploy.docs.services import Service
from shared import kafka

EACH = pytest.mark.parametrize("service", services.everyone(), ids=lambda service: service.name)


@EACH
def test_subscribers_keep_the_house_rules(service: Service) -> None:
    groups = []
    for subscriber in service.app.state.broker.subscribers:
        assert isinstance(subscriber, BatchSubscriber)
        assert subscriber.ack_policy is AckPolicy.NACK_ON_ERROR
        assert subscriber._connection_args["auto_offset_reset"] == "earliest"
        assert subscriber._connection_args["enable_auto_commit"] is False
        assert subscriber.group_id == service.name or subscriber.group_id.startswith(f"{service.name}.")
        assert set(subscriber.topic_names_for_subscribe) <= set(declared())
        groups.append(subscriber.group_id)
    assert len(groups) == len(set(groups)), "one batch subscriber per group"


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
        assert not any(topic.endswith(".personal.v1") for topic in heard), "figures need no persons"
        if service.name == "reporting":
            assert {event.topic for event in catalogue().values() if event.feeds} <= heard


def test_the_broker_keeps_them_too() -> None:
    from prometheus_client import CollectorRegistry

    broker = kafka.connect("127.0.0.1:1", "partners", CollectorRegistry())
    assert broker.config.ack_policy is AckPolicy.NACK_ON_ERROR
