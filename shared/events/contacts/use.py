"""That the directory is used (requirement rows B5, B9): each use is a subject of its own with this one fact."""

from shared.events.base import Event

DIRECTORY = "contacts.directory.v1"


class DirectoryUsed(Event):
    """Somebody searched it, asked whom to ask, or took it along; the country is theirs, where they act for one alone."""

    type = "contacts.directory.used.v1"
    topic = DIRECTORY
    feeds = ("iB3",)

    surface: str
    """By which door: web, api or pack."""
    query_shape: str
    """What was given, never what stood in it: names of fields with `+` between them, such as `country+measure`."""
    result_count: int
    """How many entries were found; of a pack, how many are in it."""


PUBLISHED: dict[str, tuple[type[Event], ...]] = {DIRECTORY: (DirectoryUsed,)}
