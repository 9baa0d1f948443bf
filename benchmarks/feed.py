"""The facts of a race: meetings that were held, reclassified, corrected and retracted, as their publisher says them.

Made from a seed, so that all contenders read the same; one record in eighty is an older one met again, so that a fold which
counts it twice gets another result.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from confluent_kafka import Producer

from shared.codes import LISTS
from shared.events import Attributes
from shared.events.meetings import MEETINGS, MeetingHeld, MeetingReclassified, MeetingRetracted

COUNTRIES = sorted(LISTS["country"].codes)[:30]
CRIME_TYPES = sorted(LISTS["crime_type"].codes)[:8]
SOURCE = "/instances/bench/services/meetings"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
NEW, AGAIN, RETRACTED = 0.25, 0.0125, 0.02

Cell = tuple[str, str, str]
"""Country, month, crime type."""


@dataclass(slots=True)
class Sent:
    """A record on its way."""

    key: bytes
    headers: list[tuple[str, bytes]]
    value: bytes


@dataclass(slots=True)
class _Meeting:
    id: UUID
    country: str
    started: datetime
    crime_types: tuple[str, ...]
    version: int = 0
    retracted: bool = False
    event: UUID | None = None
    earlier: Sent | None = None

    @property
    def cells(self) -> list[Cell]:
        return [(self.country, f"{self.started:%Y-%m}", crime_type) for crime_type in self.crime_types]


@dataclass(slots=True)
class Expected:
    """What every contender must end with."""

    records: int
    facts: int
    counters: Counter[Cell]
    bytes: int
    """Of keys, headers and values together."""


class Feed:
    """`records` facts; `expected` stands once all were drawn."""

    def __init__(self, records: int, seed: int = 7) -> None:
        self.expected = Expected(records, 0, Counter(), 0)
        self._random = Random(seed)
        self._meetings: list[_Meeting] = []
        self._recorded = BEGIN

    def __iter__(self) -> Iterator[Sent]:
        for number in range(self.expected.records):
            meeting = self._choose(number)
            sent = meeting.earlier if meeting.earlier and self._random.random() < AGAIN else self._next(meeting)
            self.expected.bytes += len(sent.key) + len(sent.value) + sum(len(name) + len(value) for name, value in sent.headers)
            yield sent
        for meeting in self._meetings:
            self.expected.counters.update(meeting.cells)

    def _choose(self, number: int) -> _Meeting:
        draw, met = self._random, self._meetings
        if met and draw.random() >= NEW:
            recent = draw.random() < 0.8
            chosen = met[-1 - draw.randrange(min(5000, len(met)))] if recent else draw.choice(met)
            if not chosen.retracted:
                return chosen
        started = BEGIN + timedelta(days=730 * number // self.expected.records, hours=draw.randrange(24))
        meeting = _Meeting(UUID(int=draw.getrandbits(128), version=4), draw.choice(COUNTRIES), started, self._types())
        met.append(meeting)
        return meeting

    def _types(self) -> tuple[str, ...]:
        return tuple(self._random.sample(CRIME_TYPES, self._random.choice((1, 1, 2))))

    def _event_id(self) -> UUID:
        """A UUID of version 7, as publishers make them, but from the seed."""
        milliseconds, draw = int(self._recorded.timestamp() * 1000), self._random
        return UUID(int=milliseconds << 80 | 0x7 << 76 | draw.getrandbits(12) << 64 | 0b10 << 62 | draw.getrandbits(62))

    def _next(self, meeting: _Meeting) -> Sent:
        draw = self._random
        meeting.version += 1
        self.expected.facts += 1
        self._recorded += timedelta(seconds=1)
        fact: MeetingHeld | MeetingReclassified | MeetingRetracted
        if meeting.event and draw.random() < RETRACTED:
            fact = MeetingRetracted(corrects=meeting.event, reason="duplicate")
            meeting.crime_types, meeting.retracted = (), True
        else:
            meeting.crime_types = self._types()
            told = {
                "kind": "coordination_case",
                "crime_types": list(meeting.crime_types),
                "countries": [meeting.country, *draw.sample(COUNTRIES, 3)],
                "format": "hybrid",
                "started": meeting.started,
                "ended": meeting.started + timedelta(hours=2),
            }
            fact = MeetingReclassified(**told, reason="duplicate") if meeting.event else MeetingHeld(**told)
        meeting.event = self._event_id()
        said = Attributes(
            id=meeting.event,
            source=SOURCE,
            type=fact.type,
            subject=meeting.id,
            time=meeting.started,
            recordedtime=self._recorded,
            aggversion=meeting.version,
            country=meeting.country,
            actor=f"user:{UUID(int=meeting.version)}",
            correlationid=UUID(int=draw.getrandbits(128), version=4),
            dataschema=f"/schemas/{fact.type}.json",
            traceparent=f"00-{draw.getrandbits(128):032x}-{draw.getrandbits(64):016x}-01",
        )
        headers = [(name, value.encode()) for name, value in said.headers().items()]
        sent = Sent(str(meeting.id).encode(), headers, fact.payload())
        if meeting.earlier is None or draw.random() < 0.5:
            meeting.earlier = sent
        return sent


def fill(servers: str, records: int) -> Expected:
    """Write that many facts of meetings onto their topic."""
    feed = Feed(records)
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "enable.idempotence": True,
            "linger.ms": 20,
            "batch.size": 262_144,
            "queue.buffering.max.messages": 1_000_000,
            "queue.buffering.max.kbytes": 2_000_000,
            "partitioner": "murmur2_random",
        }
    )
    for number, sent in enumerate(feed):
        producer.produce(MEETINGS, sent.value, sent.key, headers=[*sent.headers])
        if number % 1000 == 0:
            producer.poll(0)
            while len(producer) > 500_000:
                producer.poll(0.1)
    producer.flush()
    return feed.expected
