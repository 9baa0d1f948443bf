"""Facts as a publisher sends them, made by hand: good ones, which a test may then spoil."""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c

from shared.events import Attributes
from tests.system.world import TOPIC

SOURCE = "/instances/test/services/partners"
DATA = {"reference": "ruritania", "name": {"en": "Ruritania"}, "kind": "country", "country": "NL"}
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Sent:
    """A record on its way, and the fact it is or was made from."""

    subject: UUID
    version: int
    id: UUID
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None
    key: bytes | None
    topic: str = TOPIC

    def head(self, name: str, value: bytes | None) -> "Sent":
        """The same with one header put in the place of what it was."""
        return replace(self, headers=(*((k, v) for k, v in self.headers if k != name), (name, value)))

    def without(self, name: str) -> "Sent":
        return replace(self, headers=tuple((k, v) for k, v in self.headers if k != name))

    def data(self, **more: Any) -> "Sent":
        return replace(self, value=json.dumps(DATA | more).encode())


def good(subject: UUID | None = None, version: int = 1, type_: str = "", source: str = SOURCE) -> Sent:
    subject, id_, now = subject or uuid4(), uuid4(), datetime.now(UTC)
    type_ = type_ or f"partners.partner.{'registered' if version == 1 else 'amended'}.v1"
    headers = Attributes(id_, source, type_, subject, now, now, version).headers()
    encoded = tuple((name, value.encode()) for name, value in headers.items())
    return Sent(subject, version, id_, encoded, json.dumps(DATA).encode(), str(subject).encode())


def padded(sent: Sent, size: int = MEGABYTE) -> Sent:
    """Valid, and exactly that long."""
    return sent.data(stray="x" * (size - len(sent.data(stray="").value or b"")))


async def send(servers: str, records: Iterable[Sent], codec: str | None = None) -> list[tuple[int, int]]:
    """Partition and offset of each; those of one subject on one partition, also where the key is spoilt."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, enable_idempotence=True, max_request_size=1_040_000, compression_type=codec)
    await producer.start()
    try:
        waiting = [await producer.send(s.topic, s.value, s.key, headers=list(s.headers)) for s in records]
        return [(done.partition, done.offset) for done in [await each for each in waiting]]
    finally:
        await producer.stop()


async def send_misnamed(servers: str, before: Sent, bad: Sent, after: Sent) -> list[tuple[int, int]]:
    """One batch in whose middle a header's name is not UTF-8: Python's producers cannot say that, others can."""
    producer = AIOKafkaProducer(bootstrap_servers=servers)
    await producer.start()
    try:
        batch = producer.create_batch()
        for sent in (before, bad.head("to-be-spoilt", b"1"), after):
            batch.append(timestamp=None, key=sent.key, value=sent.value, headers=list(sent.headers))
        data = bytearray(batch._build()).replace(b"to-be-spoilt", b"\xff" * len("to-be-spoilt"))
        struct.pack_into(">I", data, 17, calc_crc32c(bytes(data[21:])))
        batch._buffer = bytes(data)
        first = await (await producer.send_batch(batch, before.topic, partition=0))
        return [(0, first.offset + n) for n in range(3)]
    finally:
        await producer.stop()
