"""python -m services.reporting [rebuild [--check] | dead-letters list|retry|skip]."""

import sys

from services.reporting.settings import Settings

if len(sys.argv) > 1:
    from services.reporting.operate import cli

    cli()
else:
    import uvicorn

    settings = Settings()
    uvicorn.run(
        "services.reporting.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
    )
