"""python -m services.contacts."""

import uvicorn

from services.contacts.settings import Settings

settings = Settings()
uvicorn.run(
    "services.contacts.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
