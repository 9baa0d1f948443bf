"""A contact point's life by example (`events.md` §6.3), and what each step says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from joserfc.errors import JoseError

from services.contacts import gateways
from services.contacts.domain import Authority, ContactPoint, Details, Person, Post, Skill, Step, end_of, folded
from shared.errors import Conflict, Invalid, NotFound
from shared.events import contacts as facts

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
OFFICE = UUID(int=1)
POST = Post(OFFICE, ("cybercrime",), (Skill("sq", "native"),), "office_hours")


def nominated(**changes):
    given = {
        "id": uuid4(),
        "reference": None,
        "person_ref": uuid4(),
        "country": "AL",
        "appointing_kind": "country",
        "appointing_body": None,
    }
    given |= {"specialisations": (), "languages": (), "state": "nominated", "version": 1, "recorded_at": NOW}
    return ContactPoint(**given | changes)


def designated():
    return nominated().designate(valid_from=date(2026, 1, 1), authority=OFFICE, duty="office_hours", deputy=None, now=NOW)[0]


def asked():
    return designated().request_verification(due=date(2026, 6, 1), method="call", today=NOW.date(), now=NOW)[0]


def verified():
    return asked().verify(method="call", changed_fields=["duty"], at=NOW, now=NOW)[0]


def lapsed():
    return asked().lapse(NOW + timedelta(days=40))[0]


def suspended():
    return lapsed().suspend(NOW.date(), NOW + timedelta(days=50))[0]


def ended():
    return designated().end(valid_to=date(2026, 5, 1), reason="resigned", successor=None, now=NOW)[0]


def retracted():
    point = nominated()
    return point.retract(OFFICE, [Step(OFFICE, facts.ContactPointNominated.type, point)], reason="duplicate", now=NOW)[0]


STATES = {
    "nominated": nominated,
    "designated": designated,
    "verification_due": asked,
    "verified": verified,
    "lapsed": lapsed,
    "suspended": suspended,
    "ended": ended,
    "retracted": retracted,
}
STEPS = {
    "designate": lambda p: p.designate(valid_from=date(2026, 1, 1), authority=OFFICE, duty="24x7", deputy=None, now=NOW),
    "update": lambda p: p.update(POST, NOW),
    "request verification": lambda p: p.request_verification(due=date(2026, 6, 1), method="self", today=NOW.date(), now=NOW),
    "verify": lambda p: p.verify(method="self", changed_fields=[], at=NOW, now=NOW),
    "note absence": lambda p: p.note_absence(first=date(2026, 8, 1), last=date(2026, 8, 9), deputy=None, now=NOW),
    "lapse": lambda p: p.lapse(NOW),
    "suspend": lambda p: p.suspend(NOW.date(), NOW),
    "end": lambda p: p.end(valid_to=date(2026, 5, 1), reason="other", successor=None, now=NOW),
}
SERVING = ("designated", "verification_due", "verified", "lapsed")
LEADS = {
    **{(state, "suspend"): "suspended" for state in SERVING},
    **{(state, "note absence"): state for state in SERVING},
    ("suspended", "update"): "suspended",
    ("suspended", "verify"): "verified",
    ("suspended", "end"): "ended",
    ("nominated", "designate"): "designated",
    ("nominated", "end"): "ended",
    ("designated", "update"): "designated",
    ("designated", "request verification"): "verification_due",
    ("designated", "verify"): "verified",
    ("designated", "end"): "ended",
    ("verification_due", "update"): "verification_due",
    ("verification_due", "verify"): "verified",
    ("verification_due", "lapse"): "lapsed",
    ("verification_due", "end"): "ended",
    ("verified", "update"): "verified",
    ("verified", "request verification"): "verification_due",
    ("verified", "verify"): "verified",
    ("verified", "end"): "ended",
    ("lapsed", "update"): "lapsed",
    ("lapsed", "request verification"): "verification_due",
    ("lapsed", "verify"): "verified",
    ("lapsed", "end"): "ended",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_in_each_state_leads_on_or_is_refused_by_name(state, step):
    before = STATES[state]()
    leads = LEADS.get((state, step))
    if leads:
        after, fact = STEPS[step](before)
        assert (after.state, after.version) == (leads, before.version + 1)
        assert fact.topic == facts.CONTACT_POINTS
    else:
        with pytest.raises(Conflict, match=f"In state {state} one cannot {step}; possible: ") as refused:
            STEPS[step](before)
        assert refused.value.extra["possible"] == [s for s in STEPS if (state, s) in LEADS]


def test_each_fact_says_what_happened():
    assert nominated(specialisations=("terrorism",), languages=(Skill("fr", "working"),)).nominated().model_dump(
        exclude={"person_ref"}
    ) == {
        "appointing_kind": "country",
        "appointing_body_ref": None,
        "specialisations": ["terrorism"],
        "languages": [{"code": "fr", "level": "working"}],
    }
    assert verified().end(valid_to=date(2026, 7, 1), reason="replaced", successor=OFFICE, now=NOW)[1] == facts.ContactPointEnded(
        valid_to=date(2026, 7, 1), reason="replaced", successor_ref=OFFICE
    )
    assert asked().verify(method="call", changed_fields=["duty"], at=NOW, now=NOW)[1] == facts.ContactPointVerified(
        method="call", changed_fields=["duty"], due=date(2026, 6, 1)
    )
    assert asked().lapse(NOW)[1] == facts.ContactPointVerificationLapsed(due=date(2026, 6, 1))


def test_an_update_names_what_changed_and_says_nothing_where_nothing_did():
    after, fact = designated().update(POST, NOW)
    assert fact.changed == ["specialisations", "languages"]
    assert (fact.authority_ref, fact.duty, fact.languages) == (OFFICE, "office_hours", [{"code": "sq", "level": "native"}])
    assert after.update(POST, NOW) == (after, None)


def test_knowledge_time_never_falls_though_the_clock_does():
    after, _ = designated().update(POST, NOW - timedelta(hours=1))
    assert after.recorded_at == NOW


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"country": None}, "country"),
        ({"appointing_kind": "network", "appointing_body": OFFICE}, "country"),
        ({"appointing_kind": "organisation", "country": None}, "appointing_body_ref"),
    ],
)
def test_it_must_be_clear_who_appointed(changes, field):
    with pytest.raises(Invalid) as refused:
        nominated(**changes)
    assert refused.value.errors[0]["field"] == field


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (lambda: designated().end(valid_to=date(2025, 12, 31), reason="error", successor=None, now=NOW), "valid_to"),
        (lambda: designated().request_verification(due=date(2026, 5, 3), method="self", today=NOW.date(), now=NOW), "due"),
        (lambda: designated().verify(method="self", changed_fields=[], at=NOW + timedelta(days=1), now=NOW), "on"),
        (lambda: (p := designated()).end(valid_to=date(2026, 2, 1), reason="replaced", successor=p.id, now=NOW), "successor_ref"),
    ],
)
def test_days_that_cannot_be_are_refused_by_field(step, field):
    with pytest.raises(Invalid) as refused:
        step()
    assert refused.value.errors[0]["field"] == field


def history():
    """Nominated, designated, verified; newest first, as the store gives it."""
    first = nominated()
    second = first.designate(valid_from=date(2026, 1, 1), authority=OFFICE, duty="24x7", deputy=None, now=NOW)[0]
    third = second.verify(method="self", changed_fields=[], at=NOW, now=NOW)[0]
    types = (facts.ContactPointVerified, facts.ContactPointDesignated, facts.ContactPointNominated)
    return [Step(uuid4(), kind.type, after) for kind, after in zip(types, (third, second, first), strict=True)]


def test_the_newest_fact_is_taken_back_first_and_the_state_before_it_returns():
    steps = history()
    with pytest.raises(Conflict, match=f"take back {steps[0].event_id} \\(verified\\) first"):
        steps[0].after.retract(steps[1].event_id, steps, reason="duplicate", now=NOW)
    back, fact = steps[0].after.retract(steps[0].event_id, steps, reason="duplicate", now=NOW)
    assert fact == facts.ContactPointRetracted(corrects=steps[0].event_id, reason="duplicate")
    assert (back.state, back.verified_at, back.version) == ("designated", None, 4)
    back, _ = back.retract(steps[1].event_id, steps[1:], reason="duplicate", now=NOW)
    assert (back.state, back.authority, back.version) == ("nominated", None, 5)
    back, _ = back.retract(steps[2].event_id, steps[2:], reason="duplicate", now=NOW)
    assert (back.state, back.version) == ("retracted", 6)
    with pytest.raises(Invalid):
        back.retract(steps[2].event_id, [], reason="duplicate", now=NOW)


def test_a_correction_moves_the_day_and_keeps_the_order_of_beginning_and_end():
    steps = history()
    after, fact = steps[0].after.correct(steps[1], on=date(2025, 9, 1), reason="wrong_date", now=NOW)
    assert (after.valid_from, after.state, after.version) == (date(2025, 9, 1), "verified", 4)
    assert fact == facts.ContactPointCorrected(corrects=steps[1].event_id, reason="wrong_date", on=date(2025, 9, 1))
    with pytest.raises(Conflict, match="no day of its own"):
        steps[0].after.correct(steps[2], on=date(2025, 9, 1), reason="wrong_date", now=NOW)
    gone = steps[0].after.end(valid_to=date(2026, 3, 1), reason="other", successor=None, now=NOW)[0]
    with pytest.raises(Invalid, match="would lie before"):
        gone.correct(steps[1], on=date(2026, 4, 1), reason="wrong_date", now=NOW)


def test_a_correction_of_an_earlier_verification_leaves_the_later_one():
    steps = history()
    later = steps[0].after.verify(method="call", changed_fields=[], at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=2))[0]
    after, _ = later.correct(steps[0], on=date(2026, 5, 1), reason="wrong_date", now=NOW + timedelta(hours=3))
    assert after.verified_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "over"),
    [
        ("Europe/Tirane", "2026-03-28T23:00:00+00:00"),
        ("Pacific/Kiritimati", "2026-03-28T10:00:00+00:00"),
        ("America/New_York", "2026-03-29T04:00:00+00:00"),
    ],
)
def test_a_day_ends_on_the_authoritys_own_clock(zone, over):
    assert end_of(date(2026, 3, 28), zone) == datetime.fromisoformat(over)
    # In Tirana the next day has 23 hours: summer time begins.
    assert end_of(date(2026, 3, 29), "Europe/Tirane") - end_of(date(2026, 3, 28), "Europe/Tirane") == timedelta(hours=23)


AUTHORITY = Authority(
    OFFICE,
    "al:justice",
    {"en": "Ministry", "sq": "Ministria e Drejtësisë"},
    "ministry_justice",
    "AL",
    None,
    "Europe/Tirane",
    (),
    None,
    None,
    1,
    NOW,
)


def test_an_authority_has_a_known_zone_and_a_subdivision_of_its_country():
    for changes, field in (({"zone": "Europe/Tirana"}, "zone"), ({"zone": "+02:00"}, "zone"), ({"subdivision": "RS-00"}, "subdivision")):
        with pytest.raises(Invalid) as refused:
            replace(AUTHORITY, **changes)
        assert refused.value.errors[0]["field"] == field
    assert replace(AUTHORITY, subdivision="AL-11").subdivision == "AL-11"


def test_an_amendment_says_the_whole_and_nothing_where_nothing_is_new():
    assert AUTHORITY.amend({"zone": "Europe/Tirane"}, NOW) == (AUTHORITY, None)
    after, fact = AUTHORITY.amend({"languages": ("sq",)}, NOW - timedelta(days=1))
    assert (after.version, after.recorded_at) == (2, NOW)
    assert (fact.type, fact.languages, fact.name["en"]) == ("contacts.authority.amended.v1", ["sq"], "Ministry")


def test_a_search_lays_accents_and_case_aside():
    assert folded("DREJTËSI") in AUTHORITY.searchable
    assert folded("Straße") == "strasse"


PERSON = Person(uuid4(), "AL", None, 0, 0, NOW)
SOMEBODY = Details("Hoxha", "Ana", ("هوجا",), "desk@office.example", "+355 4 000 0000")


def test_a_seal_opens_with_its_own_key_for_its_own_person_alone():
    key = gateways.new_key()
    sealed = gateways.seal(key, PERSON.ref, SOMEBODY)
    assert gateways.unseal(key, PERSON.ref, sealed) == SOMEBODY
    with pytest.raises(ValueError, match="another person"):
        gateways.unseal(key, uuid4(), sealed)
    with pytest.raises(JoseError):
        gateways.unseal(gateways.new_key(), PERSON.ref, sealed)
    assert gateways.seal(key, PERSON.ref, SOMEBODY) != sealed


def test_details_never_print_themselves():
    assert "Hoxha" not in repr(SOMEBODY)
    assert "Hoxha" not in f"{SOMEBODY}"


def test_an_erased_person_gives_and_takes_nothing_more():
    held, _ = PERSON.seal("a..b.c.d", NOW)
    read, fact = held.read("user:x", "contact", "api", NOW)
    assert (read.version, fact.person_ref) == (1, PERSON.ref)
    gone, fact = read.erase(1, "administrator", NOW)
    assert (gone.jwe, gone.version, gone.sealed_version) == (None, 2, 2)
    assert fact == facts.PersonErased(person_ref=PERSON.ref, keys_destroyed=1, ordered_by_role="administrator")
    for late in (
        lambda: gone.read("user:x", "contact", "api", NOW),
        lambda: gone.seal("e..f.g.h", NOW),
        lambda: gone.erase(0, "administrator", NOW),
    ):
        with pytest.raises(NotFound, match="^erased$"):
            late()


def test_of_a_person_not_named_there_is_nothing_to_read_and_no_seal_to_bury():
    with pytest.raises(NotFound, match="No details"):
        PERSON.read("user:x", "contact", "api", NOW)
    assert PERSON.erase(0, "administrator", NOW)[0].sealed_version == 0


@pytest.mark.parametrize(
    ("before", "state", "said"),
    [
        (nominated, "nominated", False),
        (designated, "suspended", True),
        (asked, "suspended", True),
        (verified, "suspended", True),
        (lapsed, "suspended", True),
        (suspended, "suspended", False),
        (ended, "ended", False),
    ],
)
def test_whose_person_was_erased_is_asked_no_more(before, state, said):
    later = NOW + timedelta(days=60)
    gone, fact = before().erase(later.date(), later)
    assert (gone.state, gone.erased_at, fact is not None) == (state, later, said)
    for again in (
        lambda: gone.designate(valid_from=date(2026, 1, 1), authority=OFFICE, duty="office_hours", deputy=None, now=later),
        lambda: gone.request_verification(due=date(2026, 9, 1), method="call", today=later.date(), now=later),
        lambda: gone.verify(method="call", changed_fields=[], at=later, now=later),
    ):
        with pytest.raises(Conflict):
            again()
    if state != "ended":
        assert gone.end(valid_to=date(2026, 8, 1), reason="other", successor=None, now=later)[0].erased_at == later
