"""Networks, structures and priorities: their life by example, and over HTTP on a real PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from services.contacts.domain import Link, Membership, Network, Role, Step, Structure
from services.contacts.domain.network import NEXT
from shared.errors import Conflict, Invalid
from shared.events import contacts as facts
from shared.web import cursor_of
from tests.statements import statements

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
MEMBER, OTHER, DAY = UUID(int=1), UUID(int=2), date(2026, 1, 1)


def network(**changes: Any) -> Network:
    given = {"id": UUID(int=9), "reference": "fiu", "country": "AL", "name": {"en": "FIU"}, "kind": "national_network"}
    given |= {"domain": ("money-laundering",), "fields": (), "level": "national", "rhythm": "P3M", "secretariat_ref": None}
    return Network(**given | {"state": "founded", "version": 1, "recorded_at": NOW} | changes)


@pytest.mark.parametrize("state", NEXT)
def test_a_step_that_is_not_possible_is_refused_and_says_what_is(state: str) -> None:
    member = Membership(MEMBER, "member", DAY)
    there = network(state=state, members=(member,), links=(Link(OTHER, "contact"),))
    steps = {
        "activate": lambda: there.turn("activate", None, NOW),
        "flag silent": lambda: there.turn("flag silent", None, NOW),
        "dissolve": lambda: there.turn("dissolve", None, NOW),
        "grant membership": lambda: there.grant(Membership(OTHER, "chair", DAY), NOW),
        "end membership": lambda: there.end(MEMBER, DAY, NOW),
        "interconnect": lambda: there.interconnect(Link(MEMBER, "contact"), None, NOW),
        "disconnect": lambda: there.disconnect(OTHER, None, NOW),
        "retract": lambda: there.retract(MEMBER, [Step(MEMBER, facts.NetworkFounded.type, there)], "duplicate", NOW),
    }
    assert set(steps) == {step for possible in NEXT.values() for step in possible}
    for intent, step in steps.items():
        if intent in NEXT[state]:
            assert step()[0].version == 2
        else:
            with pytest.raises(Conflict, match=state) as refused:
                step()
            assert refused.value.extra["possible"] == list(NEXT[state])


def test_each_turn_is_said_whole_and_leads_where_it_says() -> None:
    active, fact = network().turn("activate", DAY, NOW)
    assert (active.state, type(fact), fact.rhythm, fact.domain) == ("active", facts.NetworkActivated, "P3M", ["money-laundering"])
    silent, fact = active.turn("flag silent", None, NOW)
    assert (silent.state, type(fact)) == ("silent", facts.NetworkSilentFlagged)
    assert silent.turn("activate", None, NOW)[0].turn("dissolve", None, NOW)[0].state == "dissolved"
    with pytest.raises(Invalid, match="future"):
        network().turn("activate", date(2026, 5, 5), NOW)


def test_a_member_has_one_role_and_leaves_after_it_came() -> None:
    joined, _ = network().grant(Membership(MEMBER, "member", DAY), NOW)
    chaired, fact = joined.grant(Membership(MEMBER, "chair", DAY), NOW)
    assert ([each.role for each in chaired.members], fact.role) == (["chair"], "chair")
    for wrong in (Membership(MEMBER, "chair", DAY), Membership(UUID(int=9), "member", DAY)):
        with pytest.raises((Conflict, Invalid)):
            chaired.grant(wrong, NOW)
    with pytest.raises(Invalid, match="before the beginning"):
        chaired.end(MEMBER, date(2025, 12, 31), NOW)
    left, fact = chaired.end(MEMBER, date(2026, 2, 1), NOW)
    assert (left.members, fact.role, fact.valid_to) == ((), "chair", date(2026, 2, 1))
    with pytest.raises(Invalid, match="no member"):
        left.end(MEMBER, date(2026, 2, 1), NOW)


def test_only_the_newest_fact_can_be_taken_back_and_the_first_leaves_nothing() -> None:
    founded = network()
    active, _ = founded.turn("activate", None, NOW)
    first, second = Step(uuid4(), facts.NetworkFounded.type, founded), Step(uuid4(), facts.NetworkActivated.type, active)
    back, fact = active.retract(second.event_id, [second, first], "wrong_date", NOW)
    assert (back.state, back.version, fact.corrects) == ("founded", 3, second.event_id)
    with pytest.raises(Conflict, match="rests upon"):
        active.retract(first.event_id, [second, first], "duplicate", NOW)
    assert back.retract(first.event_id, [first], "duplicate", NOW)[0].state == "retracted"


def test_a_structure_has_roles_channels_and_one_plan() -> None:
    given = {"id": OTHER, "reference": "ilecu", "country": "AL", "name": {"en": "ILECU"}, "kind": "ilecu", "form": "office"}
    there = Structure(**given, parties=("AL",), state="established", version=1, recorded_at=NOW)
    headed, fact = there.assign(Role("head", MEMBER), NOW)
    assert (fact.role, fact.authority_ref) == ("head", MEMBER)
    reached, _ = headed.declare("EUROPOL", NOW)
    planned, fact = reached.adopt_plan(DAY, date(2026, 12, 31), NOW)
    assert (planned.version, planned.channels, fact.plan_to) == (4, ("EUROPOL",), date(2026, 12, 31))
    for refused in (
        lambda: planned.assign(Role("head", MEMBER), NOW),
        lambda: planned.declare("EUROPOL", NOW),
        lambda: planned.adopt_plan(DAY, DAY, NOW),
    ):
        with pytest.raises((Conflict, Invalid)):
            refused()


BODY = {"country": "AL", "name": {"en": "Cyber specialists", "fr": "Spécialistes"}, "kind": "national_network", "level": "national"}


async def done(ask: Any, path: str, body: Any, status: int = 200) -> dict[str, Any]:
    answer = await ask("POST", path, json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.fixture
def founded(ask: Any) -> Any:
    async def make(**changed: Any) -> dict[str, Any]:
        return await done(ask, "/networks", BODY | {"reference": f"n-{uuid4().hex[:10]}", "domain": ["cybercrime"]} | changed, 201)

    return make


async def test_from_its_founding_to_its_links_every_step_is_answered_and_said(ask: Any, outbox: Any, founded: Any, desk: Any) -> None:
    one, other, point = await founded(on="2024-03-01", notes="A\nnote", stated_members=["x"]), await founded(), await desk()
    path = f"/networks/{one['id']}"
    await done(ask, f"{path}/activate", {"on": "2024-04-01"})
    await done(ask, f"{path}/grant-membership", {"member_ref": point["id"], "role": "chair", "valid_from": "2024-04-02"})
    linked = await done(ask, f"{path}/interconnect", {"other_network": other["id"], "purpose": "judicial_cooperation", "basis": "protocol"})
    assert [(link["network"], link["declared_here"]) for link in linked["links"]] == [(other["id"], True)]
    member = {"member": point["id"], "kind": "contact_point", "name": {"en": "Ministry"}, "country": "AL"}
    assert linked["members"] == [member | {"role": "chair", "valid_from": "2024-04-02"}]
    seen = (await ask("GET", f"/networks/{other['id']}")).json()
    assert [(link["network"], link["basis"], link["declared_here"]) for link in seen["links"]] == [(one["id"], "protocol", False)]
    back = await done(ask, f"{path}/retract", {"corrects": linked["history"][-1]["event_id"], "reason": "typing_error"})
    assert (back["links"], back["notes"], back["stated_members"]) == ([], "A\nnote", ["x"])
    assert back["history"][3]["retracted_at"] is not None
    said = await outbox(one["id"])
    steps = "founded activated membership_granted interconnected retracted".split()
    assert [fact["ce_type"].split(".")[2] for fact in said] == steps
    assert [(fact["ce_aggversion"], fact["ce_country"]) for fact in said] == [(str(n), "AL") for n in range(1, 6)]
    assert [fact["ce_time"][:10] for fact in said[:3]] == ["2024-03-01", "2024-04-01", "2024-04-02"]
    assert [fact["ce_classification"] for fact in said] == ["public", "public", "restricted", "public", "public"]
    assert "notes" not in said[0]["data"], "text goes on no topic"


async def test_a_link_tells_whether_its_other_end_is_at_work_and_how_many_belong_to_both(ask: Any, founded: Any, desk: Any) -> None:
    one, other, both, alone = await founded(), await founded(), await desk(), await desk()
    for network, members in ((one, (both, alone)), (other, (both,))):
        for point in members:
            body = {"member_ref": point["id"], "role": "member", "valid_from": "2024-04-02"}
            await done(ask, f"/networks/{network['id']}/grant-membership", body)
    await done(ask, f"/networks/{one['id']}/interconnect", {"other_network": other["id"], "purpose": "contact"})
    await done(ask, f"/networks/{other['id']}/activate", {})
    for seen_from, state in ((one, "active"), (other, "founded")):
        (link,) = (await ask("GET", f"/networks/{seen_from['id']}")).json()["links"]
        assert (link["state"], link["shared_members"]) == (state, 1)
    await done(ask, f"/networks/{other['id']}/end-membership", {"member_ref": both["id"], "valid_to": "2024-05-01"})
    assert (await ask("GET", f"/networks/{one['id']}")).json()["links"][0]["shared_members"] == 0


async def test_refusals_name_field_and_reason(ask: Any, founded: Any) -> None:
    made = await founded()
    path = f"/networks/{made['id']}"
    for step, body, field in (
        ("activate", {"on": "2150-01-01"}, "on"),
        ("grant-membership", {"member_ref": str(uuid4()), "role": "member", "valid_from": "2024-01-01"}, "member_ref"),
        ("interconnect", {"other_network": str(uuid4()), "purpose": "contact"}, "other_network"),
        ("interconnect", {"other_network": made["id"], "purpose": "contact"}, "other_network"),
        ("disconnect", {"other_network": str(uuid4())}, "other_network"),
        ("retract", {"corrects": str(uuid4()), "reason": "other"}, "corrects"),
    ):
        refused = await ask("POST", f"{path}/{step}", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field), refused.text
    again = await ask("POST", "/networks", json=BODY | {"reference": made["reference"]})
    assert (again.status_code, again.json()["id"]) == (409, made["id"])
    assert (await ask("POST", f"{path}/activate", countries=["NL"], json={})).status_code == 403
    assert (await ask("POST", f"{path}/activate", json={}, headers={"If-Match": '"9"'})).status_code == 412


async def test_the_lists_are_filtered_and_paged_without_gap_or_double(ask: Any, founded: Any) -> None:
    mark = f"m{uuid4().hex[:8]}"
    made = [await founded(reference=f"{mark}-{n}", domain=["terrorism"] if n % 2 else []) for n in range(5)]
    seen, after = [], None
    while True:
        page = (await ask("GET", "/networks", params={"q": mark, "limit": 2} | ({"after": after} if after else {}))).json()
        assert page["total"] == 5
        seen += [row["id"] for row in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == [row["id"] for row in made]
    for asked, total in (({"domain": "terrorism"}, 2), ({"state": "active"}, 0), ({"country": "NL"}, 0), ({"level": "national"}, 5)):
        assert (await ask("GET", "/networks", params={"q": mark} | asked)).json()["total"] == total, asked


async def test_a_structure_and_a_priority_are_kept_and_said(ask: Any, outbox: Any, office: Any) -> None:
    body = {"reference": f"s-{uuid4().hex[:8]}", "country": "AL", "name": {"en": "Unit"}, "kind": "ilecu", "form": "office"}
    made = await done(ask, "/structures", body | {"countries": ["AL"], "organisations": ["europol"]}, 201)
    path = f"/structures/{made['id']}"
    await done(ask, f"{path}/assign-role", {"role": "head", "authority_ref": (await office())["id"]})
    await done(ask, f"{path}/declare-channel", {"channel": "EUROPOL"})
    after = await done(ask, f"{path}/adopt-action-plan", {"plan_from": "2026-01-01", "plan_to": "2026-12-31"})
    assert (after["parties"], after["channels"], after["plan_to"]) == (["AL", "europol"], ["EUROPOL"], "2026-12-31")
    assert (await ask("GET", "/structures", params={"party": "AL", "kind": "ilecu", "q": body["reference"]})).json()["total"] == 1
    assert [fact["ce_type"].split(".", 1)[1] for fact in await outbox(made["id"])] == [
        "structure.established.v1",
        "structure.role_assigned.v1",
        "channel.declared.v1",
        "structure.action_plan_adopted.v1",
    ]
    priority = {"reference": f"d-{uuid4().hex[:8]}", "country": "AL", "code": "terrorism", "valid_from": "2024-01-01"}
    domain = await done(ask, "/domains", priority, 201)
    assert (domain["label"], (await outbox(domain["id"]))[0]["data"]["code"]) == ({"en": "Terrorism"}, "terrorism")
    assert (await ask("POST", "/domains", json=priority | {"code": "hijacking"})).status_code == 409
    gone = await done(ask, f"/domains/{domain['id']}/retract", {"corrects": domain["history"][0]["event_id"], "reason": "other"})
    assert gone["state"] == "retracted"


async def test_all_pairs_at_once_tell_links_members_and_what_could_be_linked(app: FastAPI, ask: Any, founded: Any, desk: Any) -> None:
    one, other, third, apart = [await founded() for _ in range(3)] + [await founded(domain=["firearms-trafficking"])]
    ours = {each["id"] for each in (one, other, third, apart)}

    async def pairs() -> dict[frozenset[str], Any]:
        found, after = [], None
        while True:
            page = (await ask("GET", "/interconnections", "visitor", params={"limit": 2} | ({"after": after} if after else {}))).json()
            found += page["items"]
            assert all(row["one"]["reference"] < row["other"]["reference"] for row in page["items"])
            if not (after := page["next"]):
                break
        assert page["total"] == len(found)
        told = {frozenset((row["one"]["id"], row["other"]["id"])): row for row in found}
        assert len(told) == len(found), "each pair once"
        return {both: row for both, row in told.items() if both <= ours}

    assert await pairs() == {}, "none is at work"
    for network in (one, other):
        await done(ask, f"/networks/{network['id']}/activate", {})
    near = (await pairs())[frozenset((one["id"], other["id"]))]
    assert (near["links"], near["shared_members"], near["shared_domain"]) == ([], 0, ["cybercrime"])
    for query, there in (({"domain": "cybercrime"}, True), ({"domain": "firearms-trafficking"}, False), ({"country": "NL"}, False)):
        narrowed = (await ask("GET", "/interconnections", params={"limit": 500, **query})).json()
        assert narrowed["total"] == len(narrowed["items"])
        assert (near in narrowed["items"]) is there, query
        assert all("domain" not in query or query["domain"] in row["shared_domain"] for row in narrowed["items"])
    both = await desk()
    for network in (one, third, apart):
        body = {"member_ref": both["id"], "role": "member", "valid_from": "2024-04-02"}
        await done(ask, f"/networks/{network['id']}/grant-membership", body)
    found = await pairs()
    assert {pair: row["shared_members"] for pair, row in found.items()} == {
        frozenset((one["id"], other["id"])): 0,
        **{frozenset(each): 1 for each in ((one["id"], third["id"]), (one["id"], apart["id"]), (third["id"], apart["id"]))},
    }
    for sayer, towards in ((one, other), (other, one)):
        await done(ask, f"/networks/{sayer['id']}/interconnect", {"other_network": towards["id"], "purpose": "contact"})
    linked = (await pairs())[frozenset((one["id"], other["id"]))]
    assert {link["said_by"] for link in linked["links"]} == {one["id"], other["id"]}, "said from both ends, it is one pair"
    assert linked["links"][0]["purpose"] == "contact"
    await done(ask, f"/networks/{other['id']}/dissolve", {})
    assert frozenset((one["id"], other["id"])) not in await pairs()
    assert (await ask("GET", "/interconnections", params={"after": "x"})).status_code == 422
    with statements(app) as said:
        past = (await ask("GET", "/interconnections", params={"after": cursor_of("~", "~")})).json()
    assert (past["items"], past["next"]) == ([], None)
    assert past["total"] == (await ask("GET", "/interconnections")).json()["total"] > 0
    assert sum("pairs AS" in statement for statement in said) == 1, "pairs are looked for once"
