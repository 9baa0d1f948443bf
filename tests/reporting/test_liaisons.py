"""Liaison postings as a figure: who is posted at the end of a period, and which agreement has nobody (iP5)."""

from uuid import UUID

from tests.reporting.test_networks import world

__all__ = ["world"]
AL, BR, MK = (UUID(int=n) for n in (21, 22, 23))
POSTED = {"reference": "l", "kind": "prosecutor", "from_country": "AL", "host": "eurojust", "valid_from": "2024-03-01"}


async def test_posted_at_the_end_and_agreements_without_anybody(world, client, token) -> None:
    for subject, country in ((AL, "AL"), (BR, "BR"), (MK, "MK")):
        told = {"reference": country.lower(), "name": {"en": country}, "kind": "country", "country": country}
        await world.say("partners.partner.registered.v1", subject, "2020-01-01", told)
        held = {"kind": "international_agreement", "parties": [str(subject)], "subject": [], "reference": "r", "stated_as_of": "2020-01-01"}
        await world.say("partners.instrument.entered_into_force.v1", UUID(int=subject.int + 50), "2020-01-01", held)
    bearer = {"Authorization": f"Bearer {token('auditor')}"}

    async def missing(period, **query):
        asked = {"period": period, "part": "missing", **query}
        answer = await client.get("/indicators/iP5/evidence", params=asked, headers=bearer)
        return {UUID(item["subject"]).int - 50 for item in answer.json()["items"]}

    assert await world.figure("iP5", "2024") == ("0", None)
    assert await missing("2024") == {21, 22, 23}
    one, other = UUID(int=31), UUID(int=32)
    await world.say("contacts.liaison.posted.v1", one, "2024-03-01", POSTED, "AL")
    await world.say("contacts.liaison.posted.v1", other, "2024-06-01", POSTED | {"host": "BR", "valid_from": "2024-06-01"}, "AL")
    assert await world.figure("iP5", "2024-02") == ("0", None)
    assert await world.figure("iP5", "2024-03") == ("1", None)
    assert await world.figure("iP5", "2024") == ("2", None)
    assert await world.figure("iP5", "2024", participant="BR") == ("1", None)
    assert await world.figure("iP5", "2024", country="NL") == ("0", None)
    assert (await missing("2024"), await missing("2024-03")) == ({23}, {22, 23}), "either direction counts"
    ended = await world.say("contacts.liaison.ended.v1", other, "2024-09-01", POSTED | {"host": "BR", "valid_to": "2024-09-01"}, "AL")
    assert await world.figure("iP5", "2024") == ("1", None)
    assert await world.figure("iP5", "2024-08") == ("2", None), "it held until the last day of August"
    await world.say("contacts.liaison.retracted.v1", other, "2024-10-01", {"corrects": ended, "reason": "wrong_date"}, "AL")
    assert await world.figure("iP5", "2024") == ("2", None)
