"""What clients do with each publisher under load: make something and change it, step by step, one fact each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

Step = tuple[str, str, dict[str, Any]]
"""Method, what follows the thing's own address, body."""


@dataclass(frozen=True)
class Work:
    """The things of one topic: where they are made, from what, and how each is changed afterwards."""

    topic: str
    path: str
    made: dict[str, Any]
    changes: tuple[Step, ...]

    def steps(self) -> Iterator[Step]:
        """A new thing's whole history, its making first."""
        yield "POST", "", {**self.made, "reference": f"p-{uuid4().hex}"}
        yield from self.changes


NAME = {"en": "Ruritania"}
PARTNER = {"name": NAME, "kind": "country", "country": "NL"}
AUTHORITY = {"name": NAME, "kind": "prosecution", "zone": "Europe/Amsterdam"}
TOOL = {"title": NAME, "kind": "handbook", "languages": ["en"]}
WORKS = {
    "partners": Work(
        "partners.partner.v1",
        "/partners",
        PARTNER,
        tuple(("PUT", "", {**PARTNER, "name": {"en": f"Ruritania {turn}"}}) for turn in range(4)),
    ),
    "contacts": Work(
        "contacts.authority.v1",
        "/authorities",
        {**AUTHORITY, "country": "NL"},
        tuple(("PUT", "", {**AUTHORITY, "name": {"en": f"Ruritania {turn}"}}) for turn in range(4)),
    ),
    "meetings": Work(
        "meetings.meeting.v1",
        "/meetings",
        {"title": NAME, "kind": "coordination_case", "country": "NL", "crime_types": ["swindling-and-fraud", "cybercrime"]},
        (
            *(
                (
                    "POST",
                    "/schedule",
                    {"start": f"2024-03-0{day}T09:00:00Z", "end": f"2024-03-0{day}T10:00:00Z", "zone": "Europe/Amsterdam"},
                )
                for day in range(1, 4)
            ),
            ("POST", "/cancel", {"reason": "other"}),
        ),
    ),
    "operations": Work(
        "operations.centre.v1",
        "/centres",
        {
            "title": NAME,
            "country": "NL",
            "crime_types": ["swindling-and-fraud"],
            "countries": ["NL", "MA"],
            "opens": "2024-03-01T09:00:00Z",
        },
        (("POST", "/open", {"opened": "2024-03-01T09:00:00Z"}), ("POST", "/close", {"closed": "2024-03-02T09:00:00Z"})),
    ),
    "capacity": Work(
        "capacity.tool.v1",
        "/tools",
        TOOL,
        (*(("PUT", "", {**TOOL, "edition": f"{turn}"}) for turn in range(2, 5)), ("POST", "/withdraw", {})),
    ),
}
