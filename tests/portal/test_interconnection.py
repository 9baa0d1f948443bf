"""Links of a network: what makes one weak, which are missing, and how they are drawn."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from services.portal.pages.interconnection import DRAWN, lines, linked_with, not_linked, picture
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
    assert lines(EN, [tie])[0][:6] == ["Asset recovery", "Contact; Audit", "Protocol", 1, 2, "2026-03-01"]


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
