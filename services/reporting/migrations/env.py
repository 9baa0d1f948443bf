from services.reporting.tables import metadata
from shared.db import migrate

migrate(metadata)
