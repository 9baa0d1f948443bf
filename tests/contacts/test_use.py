"""That the directory is used: said once for each question and each pack, with the names of what was given and never what stood in it."""

import json
from typing import Any

import pytest
from sqlalchemy import text


@pytest.fixture
def uses(app: Any) -> Any:
    """What was said of uses since the last time it was asked: attributes and data, and the bytes as they go out."""
    seen = [0]

    async def said() -> list[tuple[dict[str, str], dict[str, Any], bytes]]:
        asked = "SELECT id, headers, value FROM outbox WHERE topic = 'contacts.directory.v1' AND id > :seen ORDER BY id"
        async with app.state.engine.connect() as tx:
            rows = list(await tx.execute(text(asked), {"seen": seen[0]}))
        seen[0] = max([row.id for row in rows], default=seen[0])
        return [(row.headers, json.loads(row.value), json.dumps(row.headers).encode() + bytes(row.value)) for row in rows]

    return said


async def test_a_question_is_said_by_its_shape_and_whose_it_is(ask: Any, desk: Any, uses: Any) -> None:
    await desk(specialisations=["cybercrime"])
    await uses()
    asked = {"country": "AL", "measure": "preserve_data", "urgency": "urgent", "surface": "web"}
    card = (await ask("GET", "/whom-to-ask", "contact_point", countries=["NL"], params=asked)).json()
    [(headers, data, told)] = await uses()
    assert data == {"surface": "web", "query_shape": "country+measure+urgency", "result_count": len(card["chain"]) + 1}
    assert (headers["ce_type"], headers["ce_country"], headers["ce_aggversion"]) == ("contacts.directory.used.v1", "NL", "1")
    assert headers["ce_classification"] == "restricted"
    assert b"preserve_data" not in told
    await ask("GET", "/whom-to-ask", "coordinator", countries=["*"], params={"country": "AL"})
    [(headers, data, _)] = await uses()
    assert (data["surface"], "ce_country" in headers) == ("api", False)


async def test_a_search_is_said_once_whatever_its_words_and_pages(ask: Any, office: Any, uses: Any) -> None:
    for number in range(3):
        await office(name={"en": f"Quicksilver {number}"})
    await uses()
    first = (await ask("GET", "/search", "contact_point", params={"q": "quicksilver", "country": "AL", "limit": 2})).json()
    await ask("GET", "/search", "contact_point", params={"q": "quicksilver", "country": "AL", "limit": 2, "after": first["next"]})
    assert (await ask("GET", "/search", "contact_point", params={"q": "quicksilver", "country": "Albania"})).status_code == 422
    [(_, data, told)] = await uses()
    assert data == {"surface": "api", "query_shape": "q+country", "result_count": 3}
    assert b"quicksilver" not in told.lower()


async def test_an_exercise_is_no_use_that_counts(ask: Any, uses: Any) -> None:
    await uses()
    await ask("GET", "/whom-to-ask", "contact_point", params={"country": "AL"}, headers={"Concord-Mode": "exercise"})
    [(headers, _, _)] = await uses()
    assert headers["ce_mode"] == "exercise"


async def test_a_pack_that_is_handed_out_is_a_use(ask: Any, office: Any, packed: Any, uses: Any) -> None:
    await office()
    await uses()
    made = await packed(countries=["AL"], days=2)
    assert await uses() == [], "nobody has it yet"
    assert (await ask("GET", f"/packs/{made['id']}/file")).status_code == 200
    [(_, data, _)] = await uses()
    assert data == {"surface": "pack", "query_shape": "countries", "result_count": made["entries"]}
    assert (
        await ask("GET", "/personal-pack", "coordinator", countries=["AL"], params={"country": "AL", "purpose": "contact"})
    ).status_code == 200
    [(_, data, _)] = await uses()
    assert (data["surface"], data["result_count"]) == ("pack", made["entries"])
    again = await packed(countries=["AL"], days=2)
    assert (await ask("GET", f"/packs/{made['id']}/delta")).status_code == 200
    [(_, data, _)] = await uses()
    assert data == {"surface": "pack", "query_shape": "countries", "result_count": again["entries"]}
    assert (await ask("GET", f"/packs/{again['id']}/delta")).status_code == 409
    assert await uses() == [], "nobody was given anything"
