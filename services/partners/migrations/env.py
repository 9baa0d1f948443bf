from services.partners.tables import metadata
from shared.db import migrate

migrate(metadata)
