"""python -m services.capacity."""

import uvicorn

from services.capacity.settings import Settings

settings = Settings()
uvicorn.run(
    "services.capacity.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
)
