"""Records as Kafka hands them to a reader."""

from dataclasses import dataclass, field
from itertools import count

from shared.events import Attributes


@dataclass
class Record:
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]
    offset: int = field(default_factory=count().__next__)
    partition: int = 0
    timestamp: int = 0


def written(topic: str, said: Attributes, value: bytes | None) -> Record:
    """What a publisher's relay writes."""
    return Record(topic, str(said.subject).encode(), value, [(name, told.encode()) for name, told in said.headers().items()])
