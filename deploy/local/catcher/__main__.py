"""`python -m deploy.local.catcher`."""

import uvicorn

from deploy.local.catcher.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    uvicorn.run("deploy.local.catcher.app:build", factory=True, host=settings.host, port=settings.port, timeout_graceful_shutdown=2)
