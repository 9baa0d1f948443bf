from services.operations.tables import metadata
from shared.migrations import migrate

migrate(metadata)
