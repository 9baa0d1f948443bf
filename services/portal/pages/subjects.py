"""What an event is about, in words: facts name their subjects by id alone, and their owners know what those are."""

import asyncio
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.portal.client import Reply
from services.portal.domain import Json
from services.portal.pages.agreement_forms import brief
from services.portal.pages.enquiry_forms import called
from services.portal.pages.terms import N_
from services.portal.pages.visit import Visit

PARTNERS = frozenset({"partners.partner", "partners.instrument"})
POINTS, AUTHORITIES = "contacts.contact_point", "contacts.authority"
BY_ID = {
    "contacts.enquiry": "/enquiries",
    "meetings.meeting": "/meetings",
    "meetings.decision": "/meetings",
    "meetings.action_item": "/action-items",
    "operations.operation": "/operations",
    "operations.centre": "/centres",
}
"""Families whose owners list the ids one asks for."""
KEPT = {"contacts.enquiry": N_("Enquiry between countries that you do not act for: it is not shown to you")}
"""Families of which an owner tells some readers nothing: what is said in place of each thing."""
AT_ONCE = 100
"""So many ids are asked for in one call."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing in words, and the page where it is shown; none where this reader is not shown it."""

    words: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Where things of a family are listed, which field names each of them, and the address of its page."""

    owner: str
    path: str
    words: str
    page: str


_STRUCTURES = Named("contacts", "/structures", "name", "structures/{id}")
NAMED = {
    "contacts.network": Named("contacts", "/networks", "name", "networks/{id}"),
    "contacts.structure": _STRUCTURES,
    "contacts.channel": _STRUCTURES,
    "contacts.liaison": Named("contacts", "/liaisons", "reference", "liaisons/{id}"),
    "contacts.domain": Named("contacts", "/domains", "label", "networks?domain={code}"),
    "capacity.tool": Named("capacity", "/tools", "title", "tools/{id}"),
}
"""Families whose things say by themselves what they are called."""


async def subjects(visit: Visit, events: Iterable[Json]) -> dict[str, Subject]:
    """Id -> subject of these events, one call per owner; what no owner knows of is not in it and shows as its id."""
    ids: dict[str, set[str]] = {}
    for event in events:
        ids.setdefault(".".join(str(event["type"]).split(".")[:2]), set()).add(str(event["subject"]))
    by_id = (_by_id(visit, family, sorted(ids[family])) for family in BY_ID if family in ids)
    told = await asyncio.gather(_of_lists(visit, set(ids)), _plain(visit, ids), *by_id)
    return {id_: found for each in told for id_, found in each.items()}


async def _of_lists(visit: Visit, families: AbstractSet[str]) -> dict[str, Subject]:
    """What is listed whole, for its owners list it in no other way."""
    asked = []
    if families & PARTNERS:
        asked.append(visit.desk.everything("partners", "/partners"))
    if POINTS in families:
        asked.append(visit.desk.everything("contacts", "/contact-points"))
    if AUTHORITIES in families:
        asked.append(visit.desk.everything("contacts", "/authorities"))
    return _told(visit, await asyncio.gather(*asked))


async def _by_id(visit: Visit, family: str, ids: list[str]) -> dict[str, Subject]:
    """What their owner tells of them; of what it keeps from this reader, that it does."""
    parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
    owner = family.partition(".")[0]
    replies = await asyncio.gather(*(visit.desk.get(owner, BY_ID[family], ids=part, limit=AT_ONCE) for part in parts))
    told = _told(visit, replies)
    if family not in KEPT or not all(reply.ok for reply in replies):
        return told
    return dict.fromkeys(ids, Subject(visit.wording.say(KEPT[family]), None)) | told


def _told(visit: Visit, replies: Iterable[Reply]) -> dict[str, Subject]:
    return {id_: found for reply in replies for row in reply.items for id_, found in _named(visit, reply.owner, row)}


async def _plain(visit: Visit, families: Iterable[str]) -> dict[str, Subject]:
    """What says by itself what it is called."""
    wanted = list({NAMED[family] for family in families if family in NAMED})
    replies = await asyncio.gather(*(visit.desk.everything(each.owner, each.path) for each in wanted))
    found = ((each, row) for each, reply in zip(wanted, replies, strict=True) for row in reply.items)
    return {row["id"]: Subject(visit.wording.text(row[each.words]), each.page.format(**row)) for each, row in found}


def _named(visit: Visit, owner: str, row: Json) -> Iterator[tuple[str, Subject]]:
    """A partner with each of its instruments, a meeting, an action item, an operation, a centre, or what contacts lists."""
    wording = visit.wording
    if owner == "partners":
        name, page = wording.partner(row), f"partners/{row['id']}"
        yield row["id"], Subject(name, page)
        for held in row["instruments"]:
            yield held["id"], Subject(f"{name} – {wording.term('instrument_kind', held['kind'])}", f"{page}#instruments")
    elif "to_country" in row:
        yield row["id"], Subject(called(visit, row), f"enquiries/{row['id']}")
    elif "decision" in row:
        yield row["id"], Subject(brief(wording.text(row["text"])), f"action-items/{row['id']}")
    elif "title" in row:
        page = f"{'centres' if 'form' in row else owner}/{row['id']}"
        yield row["id"], Subject(wording.text(row["title"]), page)
    elif row.get("country"):
        given = row["name"] if "name" in row else (row.get("authority") or {}).get("name")
        country = wording.country(row["country"])
        page = f"authorities/{row['id']}" if "name" in row else f"contact-points/{row['id']}"
        yield row["id"], Subject(f"{country} – {wording.text(given)}" if given else country, page)
