"""What every table of contacts belongs to."""

from shared import db, dead_letters, idempotency, offsets, outbox

metadata = db.metadata()
outbox.table(metadata)
idempotency.table(metadata)
dead_letters.table(metadata)
offsets.table(metadata)
