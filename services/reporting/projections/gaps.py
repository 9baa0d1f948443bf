"""Which histories lack a version: known at every moment without counting all facts.

A gap is kept for each fact whose predecessor is missing, and goes when that one comes, however late.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.projections.rows import Row, arrays

_NEW = """unnest(CAST(:source AS text[]), CAST(CAST(:subject AS text[]) AS uuid[]), CAST(CAST(:aggversion AS text[]) AS int[]),
    CAST(:topic AS text[])) AS new (source, subject, aggversion, topic)"""
_OPEN = text(f"""INSERT INTO gaps (source, subject, aggversion, topic) SELECT source, subject, aggversion, topic FROM {_NEW}
    WHERE NOT EXISTS (SELECT FROM facts WHERE facts.source = new.source AND facts.subject = new.subject
        AND facts.aggversion = new.aggversion - 1) ON CONFLICT DO NOTHING""")  # noqa: S608 - words of ours
_CLOSE = text(f"""DELETE FROM gaps USING {_NEW}
    WHERE gaps.source = new.source AND gaps.subject = new.subject AND gaps.aggversion = new.aggversion + 1""")  # noqa: S608 - words of ours
_ANY = text("SELECT 1 FROM gaps LIMIT 1")
_COUNT = text("SELECT count(*) FROM (SELECT DISTINCT source, subject FROM gaps) AS incomplete")
_COLUMNS = ("source", "subject", "aggversion", "topic")


async def found(tx: AsyncConnection, rows: Sequence[Row]) -> None:
    """These facts are new: close the gaps they fill and open those they show."""
    if rows and (await tx.execute(_ANY)).first():
        await tx.execute(_CLOSE, arrays(rows, _COLUMNS))
    # Most predecessors come in the same batch, or there is none.
    here = {(row["source"], row["subject"], row["aggversion"]) for row in rows}
    bare = [row for row in rows if row["aggversion"] > 1 and (row["source"], row["subject"], row["aggversion"] - 1) not in here]
    if bare:
        await tx.execute(_OPEN, arrays(bare, _COLUMNS))


async def incomplete(tx: AsyncConnection) -> int:
    """How many subjects lack a version."""
    return int((await tx.execute(_COUNT)).scalar_one())
