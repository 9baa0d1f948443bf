"""What goes in and out of the directory as a whole: lists that were imported, and packs for offline use.

Each of these is a subject of its own with this one fact.
"""

from datetime import datetime

from shared.events.base import Event

IMPORTS = "contacts.import.v1"
PACKS = "contacts.pack.v1"


class ImportCompleted(Event):
    """A list was taken in, all of it in one transaction; what it changed was said of each entry, with `mode` import."""

    type = "contacts.import.completed.v1"
    topic = IMPORTS

    kind: str
    """What was listed: authorities or contact_points."""
    rows_ok: int
    """Rows that hold now, whether they changed anything or not."""
    rows_failed: int
    """Rows that were left out, knowingly, because something in them cannot be."""


class PackBuilt(Event):
    """The directory was put into one signed file for use without network."""

    type = "contacts.pack.built.v1"
    topic = PACKS
    classification = "public"

    entries: int
    expires_at: datetime
    sha256: str
    """Of the whole file, in hexadecimal."""
    signature: str
    """Ed25519 over the file without the signature itself, in base64."""


PUBLISHED: dict[str, tuple[type[Event], ...]] = {IMPORTS: (ImportCompleted,), PACKS: (PackBuilt,)}
