"""What goes in and out of the directory as a whole: lists that were imported, packs for offline use, and that it is used at all.

Each of these is a subject of its own with this one fact.
"""

from datetime import datetime

from shared.events.base import Event

IMPORTS = "contacts.import.v1"
PACKS = "contacts.pack.v1"
USES = "contacts.directory.v1"


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


class DirectoryUsed(Event):
    """Somebody looked something up.

    iB3 divides such uses, and those of tools, by the active accounts. Countable here is what was asked of the directory over HTTP.
    Not countable are searches inside a pack, which leaves no trace on purpose, and accounts, which only the issuer knows.
    """

    type = "contacts.directory.used.v1"
    topic = USES
    feeds = ("iB3",)

    surface: str
    """web (the portal asked for somebody), api, or pack (one was fetched)."""
    query_shape: str
    """What was asked by which filters, such as `authorities?country&q`; never what for."""
    result_count: int


PUBLISHED: dict[str, tuple[type[Event], ...]] = {IMPORTS: (ImportCompleted,), PACKS: (PackBuilt,), USES: (DirectoryUsed,)}
