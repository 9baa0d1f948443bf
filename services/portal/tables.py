"""The only table of the portal."""

from sqlalchemy import Column, DateTime, Table, Text

from shared import db

metadata = db.metadata()

sessions = Table(
    "sessions",
    metadata,
    # The hash of the cookie, so that a stolen table opens no session.
    Column("id", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False, index=True),
)
