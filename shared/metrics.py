"""What operators watch; one registry per app, no label ever holds a person or an id."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.offsets import Outcome


class Metrics:
    """The house's metrics, registered once per app; a service adds its own to `registry`."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self.outbox_backlog = self._gauge("outbox_backlog", "Facts waiting in the outbox")
        self.outbox_oldest = self._gauge("outbox_oldest_seconds", "Age of the oldest fact waiting in the outbox")
        self.relayed = Counter("outbox_relayed", "Facts carried to Kafka", registry=self.registry)
        self.lag_records = self._gauge("consumer_lag_records", "Records not folded yet", "topic")
        self.lag_seconds = self._gauge("consumer_lag_seconds", "Age of the oldest record not folded yet", "topic")
        self.folded = Counter("events_folded", "Records folded", ["topic"], registry=self.registry)
        self.duplicates = Counter("events_duplicate", "Records met again", ["topic"], registry=self.registry)
        self.parked = Counter("events_parked", "Records parked as dead letters", ["topic"], registry=self.registry)
        self.conflicts = Counter("events_conflicting", "Records with another's (source, subject, aggversion)", registry=self.registry)
        self.dead_letters = self._gauge("dead_letters_open", "Dead letters waiting for a decision")
        self.gaps = self._gauge("incomplete_subjects", "Subjects with a missing version")
        self.request = Histogram(
            "http_request_duration_seconds", "Time to answer", ["method", "route", "status"], registry=self.registry, buckets=_BUCKETS
        )
        self.pool = self._gauge("db_pool_in_use", "Database connections lent out")
        Gauge("service_info", "Which service this is", ["service"], registry=self.registry).labels(service).set(1)

    def count(self, outcome: Outcome) -> None:
        """What became of a batch; to be called once it is committed."""
        for counter, counted in ((self.folded, outcome.folded), (self.duplicates, outcome.duplicates), (self.parked, outcome.parked)):
            for (topic, _), number in counted.items():
                counter.labels(topic).inc(number)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)


_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
