"""python -m services.meetings."""

import uvicorn

from services.meetings.settings import Settings

settings = Settings()
uvicorn.run(
    "services.meetings.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
