"""A mark for what is translated later."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "to be translated, later"
    """Mark a message for extraction."""
    return message
