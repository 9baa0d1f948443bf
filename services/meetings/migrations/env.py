from services.meetings.tables import metadata
from shared.db import migrate

migrate(metadata)
