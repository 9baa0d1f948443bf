from services.meetings.tables import metadata
from shared.migrations import migrate

migrate(metadata)
