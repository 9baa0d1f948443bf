from services.contacts.tables import metadata
from shared.db import migrate

migrate(metadata)
