"""python -m services.contacts [pack verify|apply|key|public]."""

import sys

if len(sys.argv) > 1:
    from services.contacts.operate import cli

    cli()
else:
    import uvicorn

    from services.contacts.settings import Settings

    settings = Settings()
    uvicorn.run(
        "services.contacts.app:build", factory=True, host=settings.host, port=settings.port, log_config=None, timeout_graceful_shutdown=10
    )
