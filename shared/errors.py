"""What can go wrong, by kind; the web answers each kind with one status (RFC 9457), the domain only names it.

A problem says what is wrong and, where a field is to blame, which one and why.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class Problem(Exception):
    """An answer that is not the one asked for; subclasses fix the HTTP status."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, errors: Sequence[Mapping[str, str]] = (), **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = list(errors)
        self.extra = extra


class Unauthenticated(Problem):
    """No token, or one that proves nothing."""

    status, slug, title = 401, "unauthenticated", "Sign in first"


class Forbidden(Problem):
    """A known caller without the right; the detail names who may."""

    status, slug, title = 403, "forbidden", "You may not do this"


class NotFound(Problem):
    """There is no such thing, or none that this caller may know of."""

    status, slug, title = 404, "not-found", "There is no such thing"


class Conflict(Problem):
    """The state of the thing does not allow it now."""

    status, slug, title = 409, "conflict", "Its state does not allow this"


class Stale(Problem):
    """Somebody changed it meanwhile; `current` carries the state to decide upon again."""

    status, slug, title = 412, "stale", "It was changed meanwhile"


class TooLarge(Problem):
    """More bytes than are taken."""

    status, slug, title = 413, "too-large", "Too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A body may have {limit} bytes")
        self.limit = limit


class Untaken(Problem):
    """A body in a form that is not taken."""

    status, slug, title = 415, "unsupported-media-type", "A body of this type is not taken here"


class Invalid(Problem):
    """A value that cannot be; names the field and the reason."""

    status, slug, title = 422, "invalid", "Some values cannot be taken"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


class Unconditional(Problem):
    """A change that does not say which version it is meant for."""

    status, slug, title = 428, "unconditional", "Say which version you change (If-Match)"


class Unavailable(Problem):
    """Something this service depends upon is away; try again later."""

    status, slug, title = 503, "unavailable", "Try again later"
