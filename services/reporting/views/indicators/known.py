# ruff: noqa: S608 - every select is made of words of ours, values are bound
"""What was known at a moment: the rows every other select begins with."""

OF = """
WITH known AS (
    SELECT f.id, f.source, f.type, f.subject, f.aggversion, f.country, f.data, f.topic,
        coalesce((SELECT c.time FROM facts c WHERE c.corrects = f.id AND c.source = f.source AND c.subject = f.subject
            AND c.type LIKE '%.corrected.v_' AND c.recordedtime <= :asof AND c.mode <> 'exercise'
            ORDER BY c.aggversion DESC LIMIT 1), f.time) AS time
    FROM facts f
    WHERE {where} AND f.recordedtime <= :asof AND f.mode <> 'exercise' AND f.type NOT LIKE '%.retracted.v_'
        AND NOT EXISTS (SELECT FROM facts r WHERE r.corrects = f.id AND r.source = f.source AND r.subject = f.subject
            AND r.type LIKE '%.retracted.v_' AND r.recordedtime <= :asof AND r.mode <> 'exercise')
)"""
KNOWN = OF.format(where="f.topic = ANY(:topics)")


def said(topic: str, *types: str) -> str:
    """What was last said of each subject by these types: each carries the whole, so that the newest alone is read."""
    quoted = ", ".join(f"'{each}'" for each in types)
    return f"""said AS (
    SELECT DISTINCT ON (source, subject) * FROM facts
    WHERE topic = '{topic}' AND recordedtime <= :asof AND mode <> 'exercise' AND type IN ({quoted})
    ORDER BY source, subject, aggversion DESC
)"""


def newest(topic: str, moment: str, *types: str) -> str:
    """What was last said of each subject by these types, and what of it lies `within` the period by the field `moment`.

    Each of the facts carries the whole, so that the newest alone is read, whichever came in first; what takes back tells no such moment.
    """
    return f"""
WITH {said(topic, *types)}, within AS (
    SELECT * FROM said WHERE (data->>'{moment}')::timestamptz >= :t0 AND (data->>'{moment}')::timestamptz < :t1
        AND (CAST(:country AS text) IS NULL OR country = :country)
        AND (CAST(:participant AS text) IS NULL OR data->'countries' ? :participant)
        AND (CAST(:crime_types AS text[]) IS NULL OR data->'crime_types' ?| CAST(:crime_types AS text[]))
)"""


ROW = "SELECT id AS event_id, type, subject, time, CAST(subject AS text) AS counted"
"""What evidence is made of: `counted` is what a figure counts, each once."""
