from services.operations.tables import metadata
from shared.db import migrate

migrate(metadata)
