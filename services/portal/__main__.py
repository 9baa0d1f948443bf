"""`python -m services.portal`."""

import uvicorn

from services.portal.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    # A browser that keeps a connection open must not hold up the stop.
    uvicorn.run(
        "services.portal.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=2
    )
