"""The reconstructed years give back what was published (`statistics.json`), whichever way they are counted."""

import json
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from deploy.local.load import years
from deploy.local.load.entries import COUNTRIES, DATA, coverage

PUBLISHED = json.loads((DATA / "statistics.json").read_text(encoding="utf-8"))["records"]
MEETINGS = [entry for entry in years.meetings() if entry.service == "meetings"]
CENTRES = [entry for entry in years.centres() if entry.service == "operations"]


def counted(year: str) -> Counter[str]:
    return Counter(type_ for entry in MEETINGS if entry.body["started"].startswith(year) for type_ in entry.body["crime_types"])


def of(indicator: str, **more: object) -> list[dict[str, object]]:
    found = [record for record in PUBLISHED if record["indicator"] == indicator and all(record[k] == v for k, v in more.items())]
    assert found
    return found


def test_every_published_number_of_2024_is_what_is_counted() -> None:
    for record in of("coordination-meetings", period="2024"):
        crime_type = (record["dimension"] or {}).get("crime_type")
        total = sum(1 for entry in MEETINGS if entry.body["started"].startswith("2024"))
        assert record["value"] == (counted("2024")[crime_type] if crime_type else total), record["id"]


@pytest.mark.parametrize("record", of("coordination-meetings-growth", period="2024"), ids=lambda record: record["id"])
def test_every_published_growth_follows(record: dict) -> None:
    crime_type = record["dimension"]["crime_type"]
    now, before = counted("2024")[crime_type], counted("2023")[crime_type]
    growth = 100 * Decimal(now - before) / Decimal(before)
    if record["qualifier"] == "more-than":
        assert growth > record["value"]
    else:
        assert int(growth.quantize(Decimal(1), ROUND_HALF_EVEN)) == record["value"]


def test_each_meeting_is_one_in_its_year_and_no_type_has_a_month_to_itself() -> None:
    references = [entry.body["reference"] for entry in MEETINGS]
    assert len(set(references)) == len(references) == len({entry.key for entry in MEETINGS})
    for crime_type, count in counted("2024").items():
        months = Counter(e.body["started"][:7] for e in MEETINGS if e.body["started"][:4] == "2024" and crime_type in e.body["crime_types"])
        assert max(months.values()) <= max(3, count // 4), (crime_type, months)


def test_the_record_since_2011_is_quoted_from_the_statistics() -> None:
    quoted = [entry.body["statement"] for entry in years.centres() if "statement" in entry.body]
    words = [
        record["source"]["locator"]
        for record in PUBLISHED
        if record["id"] in ("coordination-centres-2024-total", "coordination-centres-first-year")
    ]
    assert len(quoted) == 1
    assert all(phrase in quoted[0] for phrase in words)


def test_what_is_not_published_is_not_declared_covered() -> None:
    declared = {(e.body["start"][:4], e.body["indicator"], e.body.get("crime_type")) for e in years.meetings() if e.service == "reporting"}
    assert ("2024", "iEJ1", None) in declared
    assert ("2023", "iEJ1", None) not in declared
    assert not {("2023", "iEJ3", "money-laundering"), ("2023", "iEJ3", "drug-trafficking")} & declared
    assumed = {e.body["crime_type"] for e in years.meetings() if e.service == "reporting" and e.body["basis"] == "assumed"}
    assert assumed == {"organised-crime", "terrorism", "intellectual-property-crime"}


def test_the_centres_of_2024_are_as_many_and_stand_in_the_order_that_was_published() -> None:
    (total,) = of("coordination-centres", period="2024")
    assert len(CENTRES) == total["value"] == len({entry.body["reference"] for entry in CENTRES})
    assert {entry.body["opened"][:4] for entry in CENTRES} == {"2024"}
    found = Counter(type_ for entry in CENTRES for type_ in entry.body["crime_types"])
    (share,) = of("coordination-centres-share", period="2024")
    assert 100 * found[share["dimension"]["crime_type"]] > share["value"] * len(CENTRES)
    ranked = {record["value"]: record["dimension"]["crime_type"] for record in of("coordination-centres-rank", period="2024")}
    assert [type_ for type_, _ in found.most_common()] == [ranked[place] for place in sorted(ranked)]
    assert len(set(found.values())) == len(found), "each place has one"


def test_only_the_number_of_centres_is_published_and_nothing_of_the_years_before() -> None:
    declared = {(e.body["indicator"], e.body.get("crime_type"), e.body["basis"]) for e in years.centres() if e.service == "reporting"}
    assert {indicator for indicator, _, basis in declared if basis == "published"} == {"iEJ5"}
    assert {e.body["start"] for e in years.centres() if e.service == "reporting"} == {"2024-01-01"}


def test_reach_is_declared_of_exactly_the_countries_whose_desks_are_named() -> None:
    """A zero of another country would be an invention: of it nothing was compiled."""
    records = json.loads((DATA / "networks.json").read_text(encoding="utf-8"))["records"]
    members = next(record for record in records if record["id"] == "ilecu")["member_countries"]
    declared = [entry.body for entry in coverage() if entry.body["indicator"] == "iP8"]
    by_country = [body["country"] for body in declared if "country" in body]
    assert sorted(by_country) == sorted(each["country"] or COUNTRIES[each["name"].lower()] for each in members)
    (total,) = (body for body in declared if "country" not in body)
    assert all({name: value for name, value in body.items() if name != "country"} == total for body in declared)
    assert len({entry.key for entry in coverage()}) == len(list(coverage()))


def test_no_year_is_declared_of_a_country() -> None:
    assert not [entry for entry in (*years.meetings(), *years.centres()) if entry.service == "reporting" and "country" in entry.body]
