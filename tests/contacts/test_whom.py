"""Whom to ask first, and why: the order by example and as properties, and the card over HTTP on a real PostgreSQL (flow P1)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from services.contacts import views
from services.contacts.domain import Calendars, Candidate, Freshness, Question, Rule, Scope, Seat, diplomatic_channel, rank, span
from services.contacts.domain.whom import RUNGS
from services.contacts.projections import take
from shared.codes import LISTS
from shared.events import partners as facts
from tests.contacts.test_projections import instrument, partner, record

WEEKDAY = datetime(2026, 11, 25, 14, tzinfo=UTC)  # eleven in the morning in São Paulo
FRESH = Freshness(timedelta(days=180), timedelta(days=365))
CALENDARS = Calendars([Rule(hours=(span("09:00-17:00"),))])
OUT = ["on_leave", "suspended", "lapsed", "ended", "no_longer_valid", "not_yet_valid", "verification_overdue"]


def question(**changed: Any) -> Question:
    asked = {"country": "BR", "measure": "preserve_data", "crime_type": "cybercrime", "urgency": "normal", "language": "en"}
    return Question(**asked | {"on": WEEKDAY.date(), "now": WEEKDAY} | changed)


def point(**changed: Any) -> Candidate:
    serving = {"rung": "contact_point", "kind": "contact_point", "id": uuid4(), "country": "BR", "zone": "America/Sao_Paulo"}
    serving |= {"state": "verified", "duty": "office_hours", "valid_from": date(2026, 1, 1), "verified_on": date(2026, 11, 1)}
    return Candidate(**serving | {"specialisations": ("cybercrime",)} | changed)


def office(rung: Any, **changed: Any) -> Candidate:
    return Candidate(**{"rung": rung, "kind": "authority", "id": uuid4(), "country": "BR", "zone": "America/Sao_Paulo"} | changed)


CHANNEL = Candidate(rung="diplomatic_channel", kind="channel")


def ranked(*candidates: Candidate, **asked: Any) -> list[Candidate]:
    answer = rank(question(**asked), candidates, CALENDARS, FRESH)
    return [place.candidate for place in ((answer.first,) if answer.first else ()) + answer.chain]


def test_the_chain_follows_the_rungs() -> None:
    there = [office(rung) if rung != "contact_point" else point() for rung in RUNGS[:-1]] + [CHANNEL]
    assert [each.rung for each in ranked(*reversed(there))] == list(RUNGS)


def test_the_competent_go_before_others() -> None:
    declared = point(specialisations=(), scopes=(Scope(("cybercrime",), ("preserve_data",)),))
    special, general = point(), point(specialisations=(), scopes=(Scope(),))
    unknown, other = point(specialisations=()), point(specialisations=("terrorism",))
    expected = [declared, special, general, unknown]
    assert ranked(*reversed(expected)) == expected
    assert ranked(other, unknown) == [unknown, other]
    assert ranked(other, office("central_authority"))[-1] == other, "competent for something else comes after all others"
    elsewhere = point(specialisations=(), scopes=(Scope(("cybercrime",), ("extradition",)),))
    assert rank(question(), [elsewhere], CALENDARS, FRESH).first.reasons[0] == "other_competence"


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("on_leave", {"absent": (date(2026, 11, 20), date(2026, 11, 25))}),
        ("suspended", {"state": "suspended"}),
        ("lapsed", {"state": "lapsed"}),
        ("ended", {"state": "ended", "valid_to": date(2026, 11, 25)}),
        ("no_longer_valid", {"valid_to": date(2026, 11, 25)}),
        ("not_yet_valid", {"valid_from": date(2026, 11, 26)}),
        ("verification_overdue", {"verified_on": date(2025, 11, 24)}),
        ("verification_overdue", {"verified_on": None, "valid_from": date(2025, 11, 24)}),
        ("verification_overdue", {"state": "verification_due", "due": date(2026, 11, 24)}),
    ],
)
def test_who_cannot_be_asked_is_last_and_says_why(reason: str, changed: dict[str, Any]) -> None:
    out = point(**changed)
    answer = rank(question(urgency="emergency"), [out, CHANNEL], CALENDARS, FRESH)
    assert answer.first is not None
    assert answer.first.candidate == CHANNEL
    (last,) = answer.chain
    assert (last.candidate, last.usable, last.reasons[0]) == (out, False, reason)
    assert rank(question(), [out], CALENDARS, FRESH).first is None


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("on_leave", {"absent": (date(2026, 11, 20), date(2026, 11, 25))}),
        ("suspended", {"state": "suspended"}),
        ("lapsed", {"state": "lapsed"}),
        ("ended", {"state": "ended", "valid_to": date(2026, 11, 25)}),
        ("not_yet_valid", {"state": "nominated", "valid_from": None}),
        ("no_longer_valid", {"state": "retracted"}),
        ("verification_overdue", {"verified_on": date(2025, 11, 24)}),
    ],
)
def test_a_posting_is_judged_by_whom_one_reaches(reason: str, changed: dict[str, Any]) -> None:
    posting = office("liaison", kind="liaison", valid_from=date(2026, 11, 1), through=point(**changed))
    answer = rank(question(), [posting, CHANNEL], CALENDARS, FRESH)
    assert answer.first is not None
    assert answer.first.candidate == CHANNEL
    assert (answer.chain[0].candidate, answer.chain[0].usable, answer.chain[0].reasons[0]) == (posting, False, reason)
    serving = office("liaison", kind="liaison", valid_from=date(2026, 11, 1), through=point())
    assert ranked(posting, serving, CHANNEL)[0] == serving
    place = rank(question(), [serving], CALENDARS, FRESH).first
    assert place is not None
    assert (place.stale, "recently_verified" in place.reasons) == (False, True)


def test_who_serves_until_a_later_day_can_still_be_asked() -> None:
    ending = point(state="ended", valid_to=date(2026, 11, 26))
    assert ranked(ending, CHANNEL)[0] == ending
    back = point(absent=(date(2026, 11, 20), date(2026, 11, 24)))
    assert ranked(back, CHANNEL)[0] == back
    due = point(state="verification_due", due=WEEKDAY.date())
    assert ranked(due, CHANNEL)[0] == due


def test_days_are_those_of_whoever_is_asked() -> None:
    """At 02:55 UTC on the 28th it is still the 27th in Guayaquil, and long the 28th in Auckland."""
    night = datetime(2026, 11, 28, 2, 55, tzinfo=UTC)
    at: dict[str, Any] = {"now": night, "on": night.date()}
    until_27 = {"absent": (date(2026, 11, 20), date(2026, 11, 27))}
    for zone, reasons in (("America/Guayaquil", ["on_leave"]), ("Pacific/Auckland", [])):
        place = rank(question(**at), [point(zone=zone, duty="24x7", **until_27), CHANNEL], CALENDARS, FRESH)
        assert place.first is not None
        assert ((place.first.candidate != CHANNEL), [r for p in place.chain for r in p.reasons if r in OUT]) == (not reasons, reasons)
    over, coming = {"valid_to": date(2026, 11, 28)}, {"valid_from": date(2026, 11, 28)}
    assert ranked(point(zone="America/Guayaquil", **over), CHANNEL, **at)[0] != CHANNEL
    assert ranked(point(zone="America/Guayaquil", **coming), CHANNEL, **at)[0] == CHANNEL
    due = {"state": "verification_due", "due": date(2026, 11, 27)}
    assert ranked(point(zone="America/Guayaquil", **due), CHANNEL, **at)[0] != CHANNEL
    assert ranked(point(zone="Europe/Madrid", **due), CHANNEL, **at)[0] == CHANNEL
    away = point(zone="America/Guayaquil", **until_27)
    assert ranked(office("liaison", kind="liaison", zone="America/Guayaquil", through=away), CHANNEL, **at)[0] == CHANNEL


def test_where_it_is_urgent_who_is_there_goes_first() -> None:
    night = WEEKDAY.replace(hour=3)
    closed, watch = point(), office("round_the_clock", phone_24x7="+55 61 0000")
    assert ranked(closed, watch, now=night) == [closed, watch]
    for urgency in ("urgent", "emergency"):
        assert ranked(closed, watch, now=night, urgency=urgency) == [watch, closed]
        assert ranked(closed, watch, urgency=urgency) == [closed, watch], "at work in the morning"
    place = rank(question(now=night), [closed], CALENDARS, FRESH).first
    assert place is not None
    assert (place.state.kind, place.opens, "not_at_work" in place.reasons) == ("closed", WEEKDAY.replace(hour=12), True)


def test_of_equals_the_one_that_speaks_the_language_and_was_verified_later() -> None:
    speaks, late, early = point(languages=("fr",)), point(), point(verified_on=date(2026, 8, 1))
    assert ranked(early, late, speaks, language="fr") == [speaks, late, early]


def test_gateways_go_before_correspondents_and_members() -> None:
    seats = [point(rung="network", seat=Seat(uuid4(), {"en": "FIUs"}, role)) for role in ("gateway", "correspondent", "member")]
    assert ranked(*reversed(seats)) == seats


def test_who_is_met_twice_stands_once_with_its_seat() -> None:
    known = point()
    again = point(id=known.id, rung="network", seat=Seat(uuid4(), {"en": "FIUs"}, "gateway"))
    (only,) = ranked(again, known)
    assert (only.rung, only.seat) == ("contact_point", again.seat)


def test_of_another_day_nobody_is_at_work_or_not() -> None:
    place = rank(question(now=None, on=date(2026, 3, 3)), [point()], CALENDARS, FRESH).first
    assert place is not None
    assert (place.state, place.opens) == (None, None)
    assert not {"working_now", "not_at_work"} & set(place.reasons)


def test_few_of_each_rung_are_answered() -> None:
    many = [point() for _ in range(20)] + [point(state="lapsed") for _ in range(60)]
    assert [each.state for each in ranked(*many, CHANNEL)] == ["verified"] * 4 + [None] + ["lapsed"] * 40


candidates = st.lists(
    st.builds(
        point,
        state=st.sampled_from(["designated", "verified", "verification_due", "lapsed", "ended", "suspended"]),
        duty=st.sampled_from(["24x7", "office_hours"]),
        specialisations=st.sampled_from([(), ("cybercrime",), ("terrorism",)]),
        valid_from=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
        valid_to=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 1)),
        verified_on=st.none() | st.dates(date(2025, 1, 1), date(2026, 11, 25)),
        due=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        id=st.uuids(),
    ),
    max_size=8,
)


@given(candidates, st.sampled_from(list(LISTS["urgency"].codes)), st.randoms())
def test_nobody_who_cannot_be_asked_is_first_and_the_order_of_asking_does_not_matter(some: Any, urgency: str, chance: Any) -> None:
    answer = rank(question(urgency=urgency), some, CALENDARS, FRESH)
    assert answer.first is None or not set(answer.first.reasons) & set(OUT)
    usable = [place.usable for place in answer.chain]
    assert usable == sorted(usable, reverse=True)
    assert all(set(place.reasons) <= set(LISTS["placement"].codes) for place in answer.chain)
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert rank(question(urgency=urgency), shuffled, CALENDARS, FRESH) == answer


async def served(ask: Any, office: Any, nominee: Any, **changed: Any) -> dict[str, Any]:
    """A designated and verified contact point of Brazil."""
    at = changed.pop("at", None) or await office(
        country="BR", zone="America/Sao_Paulo", kind="prosecution", name={"en": "Office", "fr": "Bureau"}
    )
    body = {"valid_from": changed.pop("valid_from", "2026-01-15"), "authority_ref": at["id"], "duty": changed.pop("duty", "office_hours")}
    made = await nominee(
        **{"country": "BR", "specialisations": ["cybercrime"], "person": {"family_name": "Secret", "given_name": "S"}} | changed
    )
    done = await ask("POST", f"/contact-points/{made['id']}/designate", json=body)
    assert done.status_code == 200, done.text
    return dict(done.json())


async def asked(ask: Any, status: int = 200, **query: str) -> dict[str, Any]:
    answer = await ask("GET", "/whom-to-ask", "contact_point", params={"country": "BR", "crime_type": "cybercrime"} | query)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


@pytest.fixture
async def nobody_else(app: Any) -> None:
    """An empty directory."""
    async with app.state.engine.begin() as tx:
        await tx.execute(text("TRUNCATE authorities, persons, contact_points, networks, liaisons, competences, partner_facts CASCADE"))


async def test_an_empty_country_has_the_diplomatic_channel_and_nothing_else(ask: Any, nobody_else: None) -> None:
    card = await asked(ask)
    assert (card["first"]["rung"], card["first"]["reasons"], card["chain"]) == ("diplomatic_channel", ["last_resort"], [])
    assert (card["standing"]["rule"], card["holidays_known"]) == ("not_registered", True)


async def test_the_card_of_a_country(ask: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    serving = await served(ask, office, nominee, languages=[{"code": "pt", "level": "native"}, {"code": "fr", "level": "working"}])
    ended = await served(ask, office, nominee)
    await ask("POST", f"/contact-points/{ended['id']}/end", json={"valid_to": "2026-02-01", "reason": "term_ended"})
    unit = await office(country="BR", zone="America/Sao_Paulo", kind="siu", reference="unit")
    body = {"measures": ["preserve_data"], "crime_types": ["cybercrime"], "valid_from": "2024-01-01"}
    assert (await ask("POST", f"/authorities/{unit['id']}/competences", json=body)).status_code == 200
    central = await office(country="BR", zone="America/Sao_Paulo", kind="central_authority", reference="central", phone_24x7="+55 61 0000")
    network = {
        "reference": "grid",
        "country": None,
        "name": {"en": "Grid"},
        "kind": "contact_point_network",
        "level": "global",
        "domain": [],
    }
    grid = (await ask("POST", "/networks", json=network)).json()
    for member, role in ((unit["id"], "gateway"), (ended["id"], "observer")):
        seat = {"member_ref": member, "role": role, "valid_from": "2024-01-01"}
        assert (await ask("POST", f"/networks/{grid['id']}/grant-membership", json=seat)).status_code == 200
    card = await asked(ask, measure="preserve_data", lang="fr")
    shown = [card["first"], *card["chain"]]
    assert [(place["rung"], place["id"]) for place in shown] == [
        ("contact_point", serving["id"]),
        ("competent_authority", unit["id"]),
        ("round_the_clock", central["id"]),
        ("diplomatic_channel", str(diplomatic_channel("BR"))),
        ("contact_point", ended["id"]),
    ]
    assert (shown[0]["name"], shown[0]["name_language"], shown[0]["languages"]) == ("Bureau", "fr", ["pt", "fr"])
    assert {"specialised", "language_shared", "never_verified"} <= set(shown[0]["reasons"])
    assert shown[1]["reasons"][0] == "measure_declared"
    assert shown[1]["seat"] == {"network": grid["id"], "name": "Grid", "role": "gateway"}
    assert (shown[2]["now"], shown[2]["round_the_clock"], shown[2]["phone_24x7"]) == ("working", True, "+55 61 0000")
    assert (shown[4]["usable"], shown[4]["reasons"][0]) == (False, "ended")
    assert shown[0]["local_time"].endswith("-03:00")
    assert "Secret" not in str(card)
    assert "person" not in str(card)


async def test_whoever_cannot_be_asked_is_there_with_the_reason(ask: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    at, expected = await office(country="BR", zone="America/Sao_Paulo", kind="prosecution"), {}
    for number in range(9):
        point = await served(ask, office, nominee, at=at)
        step, body = ("suspend", {}) if number % 2 else ("end", {"valid_to": "2026-02-01", "reason": "term_ended"})
        assert (await ask("POST", f"/contact-points/{point['id']}/{step}", json=body)).status_code == 200
        expected[point["id"]] = "suspended" if number % 2 else "ended"
    card = await asked(ask)
    assert {place["id"]: place["reasons"][0] for place in card["chain"] if not place["usable"]} == expected


async def test_who_was_it_on_the_third_of_march(ask: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    before = await served(ask, office, nominee, valid_from="2025-06-01")
    after = await served(ask, office, nominee, valid_from="2026-03-10")
    ended = await ask("POST", f"/contact-points/{before['id']}/end", json={"valid_to": "2026-03-10", "reason": "term_ended"})
    assert ended.status_code == 200
    then = await asked(ask, on="2026-03-03")
    assert then["first"]["id"] == before["id"]
    assert then["first"]["now"] is None
    assert after["id"] not in [place["id"] for place in then["chain"]], "nobody knew of it then"
    now = await asked(ask)
    assert now["first"]["id"] == after["id"]


async def test_who_is_away_or_posted_there(ask: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    away = await served(ask, office, nominee)
    today = datetime.now(UTC).date()
    noted = {"absent_from": str(today - timedelta(days=1)), "absent_to": str(today + timedelta(days=1))}
    answer = await ask("POST", f"/contact-points/{away['id']}/note-absence", json=noted)
    assert answer.status_code == 200, answer.text
    posting = {"country": "NL", "kind": "magistrate", "host": "BR", "valid_from": "2024-03-01", "reference": f"l-{uuid4().hex[:8]}"}
    posted = await ask("POST", "/liaisons", json=posting)
    assert posted.status_code == 201, posted.text
    card = await asked(ask)
    assert (card["first"]["rung"], card["first"]["id"]) == ("liaison", posted.json()["id"])
    assert card["first"]["posting"] == {"kind": "magistrate", "country": "NL", "organisation": None}
    assert (card["chain"][-1]["id"], card["chain"][-1]["reasons"][0]) == (away["id"], "on_leave")
    assert (await asked(ask, on="2024-02-01"))["first"]["rung"] == "diplomatic_channel"


def elsewhere(now: datetime) -> tuple[str, date]:
    """A clock on which it is another day than in UTC, and that day."""
    zone = "Etc/GMT+12" if now.hour < 12 else "Pacific/Kiritimati"
    return zone, now.astimezone(ZoneInfo(zone)).date()


async def test_leave_is_counted_in_the_days_of_the_office(ask: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    zone, there = elsewhere(datetime.now(UTC))
    at = await office(country="BR", zone=zone, kind="prosecution")
    point = await served(ask, office, nominee, at=at)
    for day, rung in ((there, "diplomatic_channel"), (datetime.now(UTC).date(), "contact_point")):
        noted = {"absent_from": str(day), "absent_to": str(day)}
        assert (await ask("POST", f"/contact-points/{point['id']}/note-absence", json=noted)).status_code == 200
        card = await asked(ask)
        assert (card["first"]["rung"], card["on"]) == (rung, str(there))
    assert (await asked(ask, on=str(there)))["first"]["now"] is not None, "that day is now"


async def test_what_begins_there_today_holds_there_today(ask: Any, app: Any, office: Any, nominee: Any, nobody_else: None) -> None:
    at = await office(country="BR", zone="America/Guayaquil", kind="prosecution")
    await served(ask, office, nominee, at=at, valid_from="2026-11-28", specialisations=[])
    body = {"measures": ["preserve_data"], "crime_types": ["cybercrime"], "valid_from": "2026-11-28"}
    assert (await ask("POST", f"/authorities/{at['id']}/competences", json=body)).status_code == 200
    network = {"reference": "g", "country": None, "name": {"en": "G"}, "kind": "contact_point_network", "level": "global", "domain": []}
    grid = (await ask("POST", "/networks", json=network)).json()
    seat = {"member_ref": at["id"], "role": "gateway", "valid_from": "2026-11-28"}
    assert (await ask("POST", f"/networks/{grid['id']}/grant-membership", json=seat)).status_code == 200
    for moment, expected in ((datetime(2026, 11, 28, 2, 55, tzinfo=UTC), False), (datetime(2026, 11, 28, 5, 5, tzinfo=UTC), True)):
        async with app.state.engine.connect() as tx:
            assert await views.clocks.days_in(tx, ["BR", "QA"], moment) == {
                "BR": date(2026, 11, 28 if expected else 27),
                "QA": date(2026, 11, 28),
            }
            card = await views.whom.whom_to_ask(tx, question(now=moment, on=date(2026, 11, 28)), app.state.rules)
        assert (card.first is not None and card.first.rung == "contact_point") is expected
        assert [place.rung for place in card.chain if place.kind == "authority"] == (["competent_authority"] if expected else [])


STEPS: dict[str, tuple[str, dict[str, Any]]] = {
    "on_leave": ("note-absence", {}),
    "suspended": ("suspend", {}),
    "ended": ("end", {"reason": "term_ended"}),
}


@pytest.mark.parametrize("reason", STEPS)
async def test_a_posting_whose_contact_point_cannot_be_asked_is_not_offered(
    ask: Any, office: Any, nominee: Any, nobody_else: None, reason: str
) -> None:
    at = await office(country="ES", zone="Europe/Madrid", kind="prosecution", name={"en": "Fiscalía"})
    point = await served(ask, office, nominee, country="ES", at=at)
    assert (await ask("POST", f"/contact-points/{point['id']}/verify", json={"method": "call"})).status_code == 200
    posting = {"country": "ES", "kind": "magistrate", "host": "BR", "valid_from": "2024-03-01", "contact_point_ref": point["id"]}
    posted = await ask("POST", "/liaisons", json={**posting, "reference": f"l-{uuid4().hex[:8]}"})
    assert posted.status_code == 201, posted.text
    before, today = await asked(ask), datetime.now(UTC).date()
    assert (before["first"]["rung"], before["first"]["verified_on"]) == ("liaison", str(today))
    assert {"posted", "recently_verified"} <= set(before["first"]["reasons"])
    step, body = STEPS[reason]
    body = body | {"on_leave": {"absent_from": str(today - timedelta(days=2)), "absent_to": str(today + timedelta(days=2))}}.get(reason, {})
    body = body | {"ended": {"valid_to": str(today - timedelta(days=1))}}.get(reason, {})
    done = await ask("POST", f"/contact-points/{point['id']}/{step}", json=body)
    assert done.status_code == 200, done.text
    card = await asked(ask)
    assert card["first"]["rung"] == "diplomatic_channel"
    (last,) = card["chain"]
    assert (last["id"], last["usable"], last["reasons"][0]) == (posted.json()["id"], False, reason)
    assert last["verified_on"] == str(today)
    then = await asked(ask, on=str(today - timedelta(days=60)))
    assert (then["first"]["id"], then["first"]["verified_on"]) == (posted.json()["id"], None), "as it was then"


async def test_the_legal_status_comes_from_partners(app: Any, ask: Any, nobody_else: None) -> None:
    country, one, basis = uuid4(), uuid4(), uuid4()

    async def told(*records: Any) -> dict[str, Any]:
        async with app.state.engine.begin() as tx:
            await take(tx, list(records))
        return dict((await asked(ask))["standing"])

    standing = await told(record(partner(), country), record(instrument(country), one))
    assert (standing["partner"], standing["status"], standing["rule"]) == (str(country), "mandate", "mandate")
    assert standing["outcomes"] == {"contact_duty": "case_by_case", "participant": "case_by_case", "case_related": "case_by_case"}
    force = record(instrument(country, facts.InstrumentEnteredIntoForce), one, 2)
    assert (await told(force))["status"] == "agreement"
    given = {"partner": country, "kind": "international_agreement", "purposes": ["judicial_cooperation"], "instrument_ref": one}
    given |= {"data_categories": ["case_related"], "valid_from": date(2024, 3, 1), "state": "valid"}
    standing = await told(record(facts.LegalBasisEstablished(**given), basis))
    assert (standing["rule"], standing["outcomes"]["case_related"]) == ("basis", "allowed")
    corrects = UUID(dict(force.headers)["ce_id"].decode())
    back = await told(record(facts.InstrumentRetracted(corrects=corrects, reason="typing_error"), one, 3))
    assert (back["status"], back["rule"], back["outcomes"]["case_related"]) == ("mandate", "mandate", "case_by_case")
    assert (await asked(ask, on="2024-02-01"))["standing"]["rule"] == "nothing_known"


async def test_an_exercise_of_partners_neither_opens_nor_shuts_the_gate(app: Any, ask: Any, nobody_else: None) -> None:
    country, one, basis, another = (uuid4() for _ in range(4))
    given: dict[str, Any] = {"partner": country, "kind": "international_agreement", "purposes": ["judicial_cooperation"]}
    given |= {"data_categories": ["case_related"], "valid_from": date(2024, 3, 1), "instrument_ref": one, "state": "valid"}
    established = facts.LegalBasisEstablished(**given)
    suspended = facts.LegalBasisSuspended(**given | {"state": "suspended"}, effective=date(2024, 4, 1))

    async def told(*records: Any) -> str:
        async with app.state.engine.begin() as tx:
            await take(tx, list(records))
        return str((await asked(ask))["standing"]["outcomes"]["case_related"])

    real = [record(partner(), country), record(instrument(country, facts.InstrumentEnteredIntoForce), one)]
    before = await told(*real)
    assert await told(record(established, another, mode="exercise")) == before != "allowed"
    assert await told(record(established, basis)) == "allowed"
    over = instrument(country, facts.InstrumentTerminated)
    tried = [record(suspended, basis, 2, mode="exercise"), record(over, one, 2, mode="exercise")]
    taken_back = facts.InstrumentRetracted(corrects=UUID(dict(real[1].headers)["ce_id"].decode()), reason="other")
    assert await told(*tried, record(taken_back, one, 3, mode="exercise")) == "allowed"
    assert await told(record(suspended, basis, 3)) != "allowed"


async def test_refusals_name_field_and_reason(ask: Any) -> None:
    for wrong in ({"country": "QQ"}, {"measure": "guess"}, {"crime_type": "guess"}, {"urgency": "now"}, {"lang": "French"}, {"on": "soon"}):
        refused = await asked(ask, 422, **wrong)
        assert refused["errors"][0]["field"] == next(iter(wrong))
    assert (await ask("GET", "/whom-to-ask", "visitor", params={"country": "BR"})).status_code == 403
