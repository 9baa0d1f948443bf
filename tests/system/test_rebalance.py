"""Two readers of one group: partitions move while batches are in flight, and each fact is one row."""

import asyncio
import os
import random

from tests.conftest import PROOF
from tests.system import reader
from tests.system.reader import TOPIC, Reader, fact, send
from tests.system.world import ready, until

readers = reader.readers
SEED = int(os.environ.get("CONCORD_SEED") or random.randrange(2**32))
FACTS = 60_000 if PROOF else 12_000
MOVES = 6 if PROOF else 2


async def test_readers_come_and_go_in_mid_batch_and_each_fact_is_counted_once(readers: list[Reader]) -> None:
    (reporting, second), rng, sent = readers, random.Random(SEED), []
    for _ in range(MOVES):
        facts = [fact() for _ in range(FACTS // MOVES)]
        sent += facts
        sending = asyncio.create_task(send(reporting.servers, facts))
        await until(lambda: _waits(reporting), "records wait", 30, every=0.02)
        second.child.start()
        await ready(second.url)
        await asyncio.sleep(rng.uniform(0, 1.0))
        # Half of the moves are a loss, half a departure.
        lag = await reporting.lag()
        second.child.kill() if rng.random() < 0.5 else second.child.stop(15)
        await sending
        print(f"\nseed {SEED}: a second reader left with {lag} records waiting")
    await reporting.caught_up()
    four = await reporting.balances()
    assert await reporting.counted(TOPIC) == {(str(f.subject), 1): 1 for f in sent}
    assert (four["f"], four["p"]) == (len(sent), 0)


async def _waits(reporting: Reader) -> bool:
    return await reporting.lag() > 0
