from services.notifications.tables import metadata
from shared.db import migrate

migrate(metadata)
