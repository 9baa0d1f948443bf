from services.contacts.tables import metadata
from shared.migrations import migrate

migrate(metadata)
