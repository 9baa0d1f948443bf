"""The rebuild reads the real topics again and comes to the same facts."""

import io

from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console
from sqlalchemy import text

from services.reporting.projections import take
from services.reporting.projections.rebuild import rebuild
from services.reporting.settings import SEARCH_PATH
from shared import db, kafka, logs
from tests.reporting.test_fold import Log

T = "partners.instrument.v1"


async def test_a_rebuild_gives_the_same_facts(app, topics, kafka_servers) -> None:
    log, engine = Log(), db.connect(app.state.settings.database_url.get_secret_value(), SEARCH_PATH)
    for _ in range(300):
        log.add("entered_into_force")
    log.records[7].value = b"{"
    producer = kafka.producer(kafka_servers, "test")
    await producer.start()
    for record in log.records:
        await (await producer.send(T, record.value, record.key, headers=record.headers))
    await producer.stop()
    ends = await logs.end_offsets(kafka_servers, [T])
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka_servers, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([TopicPartition(*key) for key in ends])
    await consumer.seek_to_beginning()
    seen = 0
    while seen < 300:
        records = [r for batch in (await consumer.getmany(timeout_ms=500)).values() for r in batch]
        seen += len(records)
        if records:
            async with engine.begin() as tx:
                await take(tx, records)
    await consumer.stop()
    assert await rebuild(engine, kafka_servers, Console(file=io.StringIO())) == []
    async with engine.connect() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM facts"))).scalar_one() == 299
        summed = await tx.execute(text("SELECT sum(next_offset) - sum(parked) = sum(folded) FROM offsets"))
        assert summed.scalar_one()
        # A fact that only the live schema has is found, and gone after the swap.
        await tx.execute(
            text(
                "UPDATE facts SET id = gen_random_uuid() WHERE (source, subject, aggversion) = (SELECT source, subject, aggversion FROM facts LIMIT 1)"
            )
        )
        await tx.commit()
    assert await rebuild(engine, kafka_servers, Console(file=io.StringIO())) == ["keys"]
    await engine.dispose()
