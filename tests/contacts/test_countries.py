"""How much of the directory there is in each country: the Atlas counts nothing itself."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fastapi import FastAPI

from services.contacts import views


async def counted(app: FastAPI, country: str, ahead: int = 0, hour: int = 12) -> tuple[int, int, int]:
    """Authorities, contact points, and those that lapsed or are overdue so many days ahead, at that hour UTC."""
    async with app.state.engine.connect() as tx:
        found = (await views.countries.countries(tx, datetime.combine(day(ahead), time(hour), UTC))).items
    row = next((row for row in found if row.country == country), None)
    return (row.authorities, row.contact_points, row.lapsed) if row else (0, 0, 0)


def day(ahead: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=ahead)


async def test_what_serves_and_what_is_overdue_is_counted_by_country(app: FastAPI, ask: Any, office: Any, nominee: Any, desk: Any) -> None:
    assert await counted(app, "MT") == (0, 0, 0)
    await office(country="MT", zone="Europe/Malta")
    assert await counted(app, "MT") == (1, 0, 0)
    _, asked, suspended, ended = await nominee(), await desk(), await desk(), await desk()
    for each in (asked, suspended):
        await ask("POST", f"/contact-points/{each['id']}/request-verification", json={"method": "self", "due": str(day(1))})
    assert (await ask("POST", f"/contact-points/{suspended['id']}/suspend")).is_success
    assert (await ask("POST", f"/contact-points/{ended['id']}/end", json={"valid_to": "2026-02-01", "reason": "term_ended"})).is_success
    assert await counted(app, "AL", ahead=1) == (3, 3, 0), "who has ended is nobody to call"
    assert await counted(app, "AL", ahead=2) == (3, 3, 1), "who is suspended is not waited for"
    rows = (await ask("GET", "/countries")).json()["items"]
    assert [(row["country"], row["authorities"], row["contact_points"]) for row in rows] == [("AL", 3, 3), ("MT", 1, 0)]
    rows = (await ask("GET", "/countries", "visitor")).json()["items"]
    assert {row["contact_points"] for row in rows} == {None}, "who may not list them is not told how many there are"


async def test_a_day_is_over_when_it_is_over_there(app: FastAPI, ask: Any, office: Any, nominee: Any) -> None:
    for country, zone in (("EC", "America/Guayaquil"), ("NZ", "Pacific/Auckland")):
        at, point = await office(country=country, zone=zone), await nominee(country=country)
        body = {"valid_from": "2026-01-15", "authority_ref": at["id"], "duty": "24x7"}
        assert (await ask("POST", f"/contact-points/{point['id']}/designate", json=body)).is_success
        asked = {"method": "self", "due": str(day(1))}
        assert (await ask("POST", f"/contact-points/{point['id']}/request-verification", json=asked)).is_success
    # In Guayaquil the day is over at 05:00 UTC of the next, in Auckland at 11:00 or 12:00 UTC of its own.
    assert [(await counted(app, "EC", ahead=2, hour=hour))[2] for hour in (4, 6)] == [0, 1]
    assert [(await counted(app, "NZ", ahead=1, hour=hour))[2] for hour in (10, 13)] == [0, 1]
