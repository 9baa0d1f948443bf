from services.notifications.tables import metadata
from shared.migrations import migrate

migrate(metadata)
