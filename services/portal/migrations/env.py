"""Alembic's entry: the portal's one table."""

from services.portal.tables import metadata
from shared.migrations import migrate

migrate(metadata)
