"""Which histories lack a version: known at every moment without counting all facts.

A gap is kept for each fact whose predecessor is missing, and goes when that one comes, however late.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Parts of the statement that keeps facts, `new` are those it kept: it does not see them among `facts` yet. Without OFFSET the
# planner may read all facts for a batch instead of looking each predecessor up.
FOUND = """closed AS (
    DELETE FROM gaps USING new
    WHERE gaps.source = new.source AND gaps.subject = new.subject AND gaps.aggversion = new.aggversion + 1
), opened AS (
    INSERT INTO gaps (source, subject, aggversion, topic) SELECT source, subject, aggversion, topic FROM new
    WHERE aggversion > 1
        AND NOT EXISTS (SELECT FROM new AS before WHERE before.source = new.source AND before.subject = new.subject
            AND before.aggversion = new.aggversion - 1)
        AND NOT EXISTS (SELECT FROM facts AS before WHERE before.source = new.source AND before.subject = new.subject
            AND before.aggversion = new.aggversion - 1 OFFSET 0)
)"""
_COUNT = text("SELECT count(*) FROM (SELECT DISTINCT source, subject FROM gaps) AS incomplete")


async def incomplete(tx: AsyncConnection) -> int:
    """How many subjects lack a version."""
    return int((await tx.execute(_COUNT)).scalar_one())
