from services.reporting.tables import metadata
from shared.migrations import migrate

migrate(metadata)
