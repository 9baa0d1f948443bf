"""python -m services.partners."""

import uvicorn

from services.partners.settings import Settings

settings = Settings()
uvicorn.run(
    "services.partners.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
