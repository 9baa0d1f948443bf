"""Files that are handed out to be kept, rather than pages that are shown."""

from fastapi import Response


def attached(content: bytes, name: str, media: str) -> Response:
    """A file under this name, which no cache keeps. Opened from here it would run with this address: so it may do nothing."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=headers | {"Content-Security-Policy": "sandbox"})
