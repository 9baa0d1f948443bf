from services.capacity.tables import metadata
from shared.migrations import migrate

migrate(metadata)
