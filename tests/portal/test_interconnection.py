"""Links of a network and of all: what makes one weak, which are missing, and how they are drawn."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from services.portal.pages.interconnection import DRAWN, line, linked_with, not_linked, picture
from services.portal.pages.interconnections import DRAWN as ALL_DRAWN
from services.portal.pages.interconnections import around, most_linked, pairs_of
from services.portal.pages.interconnections import picture as all_of_them
from services.portal.pages.wording import Wording
from services.portal.settings import HERE

EN = Wording("en", "UTC", HERE / "designations.toml")
LINK = {"network": "b", "name": {"en": "Asset recovery"}, "state": "active", "purpose": "contact", "basis": None, "shared_members": 1}


def network(**changes: Any) -> dict[str, Any]:
    return {"id": "a", "name": {"en": "Financial intelligence"}, "state": "active", "domain": ["fraud"], "links": [LINK]} | changes


def meeting(at: str, *networks: str) -> dict[str, Any]:
    return {"at": at, "networks": list(networks)}


@pytest.mark.parametrize(
    ("link", "meetings", "strength", "lacks"),
    [
        ({}, [meeting("2026-03-01", "a", "b"), meeting("2026-02-01", "a")], "alive", ()),
        ({}, [meeting("2026-02-01", "a", "c")], "weak", ("no_joint_meeting",)),
        ({"shared_members": 0}, [meeting("2026-03-01", "b", "a")], "weak", ("no_shared_member",)),
        ({"state": "silent"}, [meeting("2026-03-01", "b", "a")], "weak", ("not_at_work",)),
        ({}, None, "untold", ()),
        ({"shared_members": 0}, None, "weak", ("no_shared_member",)),
    ],
)
def test_a_link_is_as_strong_as_what_is_known_of_it(link: Any, meetings: Any, strength: str, lacks: Any) -> None:
    (tie,) = linked_with(network(links=[LINK | link]), meetings)
    assert (tie.strength, tie.lacks) == (strength, lacks)


def test_what_both_said_is_one_link_with_every_reason_and_its_latest_meeting() -> None:
    links = [LINK, LINK | {"purpose": "audit", "basis": "protocol"}]
    (tie,) = linked_with(network(links=links), [meeting("2026-03-01", "a", "b"), meeting("2026-02-01", "b", "a")])
    assert (tie.purposes, tie.bases, tie.met, tie.last) == (("contact", "audit"), ("protocol",), 2, "2026-03-01")
    assert line(EN, tie)[:6] == ["Asset recovery", "Contact; Audit", "Protocol", 1, 2, "2026-03-01"]


def test_a_bridge_is_missing_between_two_at_work_for_the_same_crime() -> None:
    others = [network(id=id_, domain=domain) for id_, domain in (("a", ["fraud"]), ("b", ["fraud"]), ("c", ["fraud"]), ("d", ["drugs"]))]
    assert [tie.network for tie in not_linked(network(), [*others, network(id="e", domain=[])])] == ["c"]
    assert not_linked(network(state="silent"), others) == []
    (missing,) = not_linked(network(), others)
    assert (missing.strength, missing.lacks, missing.shared, missing.met) == ("unlinked", ("not_linked",), None, None)


def test_the_picture_has_each_network_once_and_none_outside() -> None:
    links = [LINK | {"network": f"n{number}", "name": {"en": f"<b>{'Very long name ' * 6}{number}"}} for number in range(DRAWN)]
    root = ET.fromstring(picture(EN, network(links=links), linked_with(network(links=links), []), "/en/networks"))
    assert [each.get("href") for each in root.iter("a")] == [f"/en/networks/n{number}" for number in range(DRAWN)]
    assert all(each.get("tabindex") == "-1" for each in root.iter("a"))
    _, _, wide, high = map(float, str(root.get("viewBox")).split())
    places = [(float(each.get("x", 0)), float(each.get("y", 0))) for each in root.iter("tspan")]
    assert all(60 < x < wide - 60 and 0 < y < high for x, y in places)
    assert all(len(list(each.iter("tspan"))) <= 2 for each in root.iter("text"))


def row(first: str, second: str, *links: str, **changes: Any) -> dict[str, Any]:
    ends = {name: {"id": id_, "name": {"en": id_}, "state": "active"} for name, id_ in (("one", first), ("other", second))}
    said = [{"said_by": first, "purpose": each, "basis": None} for each in links]
    return {**ends, "links": said, "shared_members": 1, "shared_domain": ["fraud"]} | changes


def test_of_two_networks_the_one_that_is_not_at_work_is_the_other() -> None:
    silent = {"id": "a", "name": {"en": "a"}, "state": "silent"}
    (pair,) = pairs_of([row("a", "b", "contact", one=silent)], [meeting("2026-03-01", "b", "a", "c"), meeting("2026-02-01", "a", "b")])
    assert (pair.one["id"], pair.other.network, pair.other.lacks) == ("b", "a", ("not_at_work",))
    assert (pair.other.met, pair.other.last) == (2, "2026-03-01"), "a meeting of three is one of each two"
    (untold,) = pairs_of([row("a", "b", "contact")], None)
    assert untold.other.strength == "untold"


@pytest.mark.parametrize(
    ("changes", "lacks"),
    [
        ({"shared_members": 0}, ("not_linked",)),
        ({"shared_domain": []}, ("members_in_common",)),
        ({}, ("not_linked", "members_in_common")),
    ],
)
def test_two_that_are_not_linked_say_what_they_have_in_common(changes: Any, lacks: Any) -> None:
    (pair,) = pairs_of([row("a", "b", **changes)], [])
    assert (pair.other.strength, pair.other.lacks) == ("unlinked", lacks)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, ALL_DRAWN, ALL_DRAWN + 5])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_all_networks_stand_apart_within_the_picture(count: int, language: str) -> None:
    there = [network(id=f"n{number}", name={"en": f"<b>{'Very long name ' * 6}{number}"}) for number in range(count)]
    linked = list(pairs_of([row(f"n{number}", f"n{number + 1}", "contact") for number in range(count - 1)], []))
    drawn = most_linked(there, linked)
    wording = Wording(language, "UTC", HERE / "designations.toml")
    root = ET.fromstring(all_of_them(wording, drawn, linked, f"/{language}/networks"))
    assert len(drawn) == len(list(root.iter("a"))) == min(count, ALL_DRAWN)
    _, _, wide, high = map(float, str(root.get("viewBox")).split())
    places = [(float(each.get("cx", 0)), float(each.get("cy", 0))) for each in root.iter("circle")]
    assert all(200 < x < wide - 200 and 20 < y < high - 20 for x, y in places), "with room for words beside it"
    rows = [(x > wide / 2, y) for x, y in places]
    assert len(set(rows)) == len(rows), "on each side one below the other"
    assert len(list(root.iter("line"))) == max(min(count, ALL_DRAWN) - 1, 0)
    assert root.get("direction") == "ltr"


def test_on_the_ring_each_stands_beside_what_it_is_linked_with() -> None:
    there = [network(id=id_) for id_ in "abcd"]
    assert [
        each["id"] for each in around(there, pairs_of([row("a", "c", "contact"), row("b", "c"), row("b", "d", "contact")], []))
    ] == list("acbd")
