"""`python -m deploy.local.issuer`."""

import uvicorn

from deploy.local.issuer.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    uvicorn.run("deploy.local.issuer.app:build", factory=True, host=settings.host, port=settings.port, timeout_graceful_shutdown=2)
