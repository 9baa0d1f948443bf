from services.partners.tables import metadata
from shared.migrations import migrate

migrate(metadata)
