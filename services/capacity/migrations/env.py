from services.capacity.tables import metadata
from shared.db import migrate

migrate(metadata)
