"""python -m services.operations."""

import uvicorn

from services.operations.settings import Settings

settings = Settings()
uvicorn.run(
    "services.operations.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
