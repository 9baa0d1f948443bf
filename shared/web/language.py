"""Which of the languages a thing has suits the reader best (RFC 9110 `Accept-Language`)."""

from collections.abc import Collection


def best_language(accept: str | None, available: Collection[str], default: str = "en") -> str:
    """The best match by quality and then order; `fr-CA` is content with `fr`. Without a match: the default, else the first there is."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept or "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), position, tag.lower()))
        except ValueError:
            continue
    by_lower = {language.lower(): language for language in available}
    for _, _, tag in sorted(wanted):
        for candidate in (tag, tag.split("-")[0]):
            if candidate in by_lower:
                return by_lower[candidate]
    return default if default in available else next(iter(available), default)
