"""What was known at a moment: the rows every other select begins with."""

KNOWN = """
WITH known AS (
    SELECT f.id, f.source, f.type, f.subject, f.aggversion, f.country, f.data, f.topic,
        coalesce((SELECT c.time FROM facts c WHERE c.corrects = f.id AND c.source = f.source AND c.subject = f.subject
            AND c.type LIKE '%.corrected.v_' AND c.recordedtime <= :asof AND c.mode <> 'exercise'
            ORDER BY c.aggversion DESC LIMIT 1), f.time) AS time
    FROM facts f
    WHERE f.topic = ANY(:topics) AND f.recordedtime <= :asof AND f.mode <> 'exercise' AND f.type NOT LIKE '%.retracted.v_'
        AND NOT EXISTS (SELECT FROM facts r WHERE r.corrects = f.id AND r.source = f.source AND r.subject = f.subject
            AND r.type LIKE '%.retracted.v_' AND r.recordedtime <= :asof AND r.mode <> 'exercise')
)"""

ROW = "SELECT id AS event_id, type, subject, time, CAST(subject AS text) AS counted"
"""What evidence is made of: `counted` is what a figure counts, each once."""
