"""python -m services.notifications."""

import uvicorn

from services.notifications.settings import Settings

settings = Settings()
uvicorn.run(
    "services.notifications.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
