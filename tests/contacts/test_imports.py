"""Lists come in: looked through row by row, then taken in as a whole or not at all; the same list twice changes nothing."""

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import xlsxwriter
from fastapi import FastAPI
from sqlalchemy import text

from deploy.local.child import Child
from services.contacts import store
from services.contacts.api.imports import LARGEST
from services.contacts.store.imports import Waiting
from shared.codes import LISTS
from shared.web.middleware import LIMIT
from tests.system.world import ROOT, until

OFFICES = ("Référence", "Name in English", "الاسم بالعربية", "Type d’autorité", "Country code", "zone", "Langues", "phone 24x7", "Fax")
POINTS = ("reference", "country", "authority", "duty", "valid_from", "specialisations", "languages", "family_name", "given_name", "email")
SECRET = f"Zz{uuid4().hex}"


def office(reference: str, **changed: str) -> list[str]:
    cells = {"ref": reference, "en": "Court, the =1st", "ar": "محكمة", "kind": "court", "country": "AL", "zone": "Europe/Tirane"}
    return [*(cells | {"languages": "sq; en", "phone": "'+355 4 000 0000", "fax": "x"} | changed).values()]


def point(reference: str, authority: str, **changed: str) -> list[str]:
    cells = {"ref": reference, "country": "AL", "authority": authority, "duty": "24x7", "since": "2024-03-01", "for": "cybercrime"}
    return [*(cells | {"languages": "sq:native;en:fluent", "family": SECRET, "given": "A", "email": "a@office.example"} | changed).values()]


def csv(head: Any, *rows: Any, separator: str = ",", mark: bool = False) -> bytes:
    lines = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (head, *rows)]
    return ("\ufeff" if mark else "").encode() + "\r\n".join(lines).encode()


def xlsx(head: Any, *rows: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((head, *rows)):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.fixture
def send(ask: Any) -> Any:
    async def send(kind: str, content: bytes, **more: Any) -> dict[str, Any]:
        given = {"data": {"kind": kind}, "files": {"file": ("list", content)}} | more
        sent = await ask("POST", "/imports", **given)
        assert sent.status_code == 201, sent.text
        assert sent.json()["state"] == "validating"
        return dict(sent.json())

    return send


@pytest.fixture
def worked(ask: Any, settled: Any) -> Any:
    """The import after all that waits is done."""

    async def work(given: dict[str, Any]) -> dict[str, Any]:
        await settled()
        return dict((await ask("GET", f"/imports/{given['id']}")).json())

    return work


@pytest.fixture
def taken(ask: Any, send: Any, worked: Any) -> Any:
    """A list that was looked through without fault, and taken in."""

    async def take(kind: str, content: bytes) -> dict[str, Any]:
        looked = await worked(await send(kind, content))
        assert (looked["state"], looked["failed"]) == ("checked", 0), looked
        began = await ask("POST", f"/imports/{looked['id']}/apply", json={}, headers={"If-Match": f'"{looked["version"]}"'})
        assert began.json()["state"] == "applying"
        return dict(await worked(looked))

    return take


def new(word: str) -> str:
    return f"{word}:{uuid4().hex[:10]}"


@pytest.mark.parametrize("made", [csv, xlsx, lambda *rows: csv(*rows, separator=";", mark=True), lambda *rows: csv(*rows, separator="\t")])
async def test_a_list_of_authorities_comes_in(ask: Any, taken: Any, outbox: Any, made: Any) -> None:
    reference = new("office")
    done = await taken("authorities", made(OFFICES, office(reference), office(new("office"), country="al", kind="Police")))
    assert (done["state"], done["effects"], done["left_out"], done["applied"]) == ("applied", {"new": 2, "changed": 0, "same": 0}, ["I"], 2)
    found = (await ask("GET", f"/authorities?q={reference}")).json()["items"]
    assert [each["name"] for each in found] == [{"en": "Court, the =1st", "ar": "محكمة"}]
    assert (found[0]["languages"], found[0]["phone_24x7"]) == (["sq", "en"], "+355 4 000 0000")
    [said] = await outbox(found[0]["id"])
    assert (said["ce_type"], said["ce_mode"], said["ce_aggversion"]) == ("contacts.authority.registered.v1", "import", "1")
    [said] = await outbox(done["id"])
    assert (said["topic"], said["data"]) == ("contacts.import.v1", {"kind": "authorities", "rows_ok": 2, "rows_failed": 0})


async def test_the_same_list_twice_changes_nothing_and_a_changed_one_what_changed(ask: Any, taken: Any, outbox: Any) -> None:
    first, second = new("office"), new("office")
    await taken("authorities", csv(OFFICES, office(first), office(second)))
    again = await taken("authorities", csv(OFFICES, office(first), office(second)))
    assert again["effects"] == {"new": 0, "changed": 0, "same": 2}
    changed = await taken("authorities", csv(OFFICES, office(first), office(second, en="Another", phone="")))
    assert changed["effects"] == {"new": 0, "changed": 1, "same": 1}
    [found] = (await ask("GET", f"/authorities?q={second}")).json()["items"]
    assert (found["name"]["en"], found["phone_24x7"], found["version"]) == ("Another", None, 2)
    assert [said["ce_type"].split(".")[2] for said in await outbox(found["id"])] == ["registered", "amended"]


async def test_contact_points_come_in_with_persons_sealed(app: FastAPI, ask: Any, taken: Any, outbox: Any) -> None:
    at, reference, bare = new("office"), new("desk"), new("desk")
    await taken("authorities", csv(OFFICES, office(at)))
    rows = point(reference, at), point(bare, at, family="", given="", email="")
    done = await taken("contact_points", csv(POINTS, *rows))
    assert done["effects"]["new"] == 2
    found = {each["reference"]: each for each in (await ask("GET", f"/contact-points?q={at}")).json()["items"]}
    assert [found[each]["state"] for each in (reference, bare)] == ["designated"] * 2
    assert [found[each]["person"] for each in (reference, bare)] == ["recorded", "none"]
    told = (await ask("GET", f"/contact-points/{found[reference]['id']}")).json()
    assert [step["time"][:10] for step in told["history"]] == ["2024-03-01"] * 2
    person = await ask("GET", f"/persons/{told['person_ref']}?purpose=judicial_cooperation")
    assert (person.json()["family_name"], person.json()["email"]) == (SECRET, "a@office.example")
    said = await outbox(told["id"])
    assert [(each["ce_type"].split(".")[2], each["ce_mode"], each["ce_aggversion"]) for each in said] == [
        ("nominated", "import", "1"),
        ("designated", "import", "2"),
    ]
    [sealed] = [each for each in await outbox(told["person_ref"]) if each["topic"].endswith("personal.v1")]
    assert SECRET not in sealed["data"]
    assert (await taken("contact_points", csv(POINTS, *rows)))["effects"]["same"] == 2
    assert len([each for each in await outbox(told["person_ref"]) if each["topic"].endswith("personal.v1")]) == 1, (
        "the same is not said anew"
    )
    await taken("contact_points", csv(POINTS, point(reference, at, email="b@office.example", duty="office_hours")))
    person = await ask("GET", f"/persons/{told['person_ref']}?purpose=judicial_cooperation")
    assert (person.json()["email"], person.json()["version"]) == ("b@office.example", 2)
    assert await holds(app, SECRET) == []


async def holds(app: FastAPI, word: str) -> list[str]:
    """Tables with a row in which the word stands, as text or as bytes."""
    async with app.state.engine.connect() as tx:
        tables = await tx.scalars(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"))
        found = []
        for table in list(tables):
            rows = await tx.execute(
                text(f'SELECT 1 FROM "{table}" t WHERE strpos(t::text, :word) > 0 OR strpos(t::text, :hex) > 0 LIMIT 1'),
                {"word": word, "hex": word.encode().hex()},
            )
            found += [table] if rows.first() else []
    return found


async def test_rows_with_errors_are_told_and_nothing_is_taken_in_by_accident(app: FastAPI, ask: Any, send: Any, worked: Any) -> None:
    at, right, twice, ended = new("office"), new("desk"), new("desk"), new("desk")
    await ask(
        "POST", "/authorities", json={"reference": at, "name": {"en": "X"}, "kind": "court", "country": "AL", "zone": "Europe/Tirane"}
    )
    point_ = (await ask("POST", "/contact-points", json={"reference": ended, "country": "AL", "appointing_kind": "country"})).json()
    end = {"valid_to": "2024-01-01", "reason": "term_ended"}
    assert (await ask("POST", f"/contact-points/{point_['id']}/end", json=end)).status_code == 200
    rows = [
        point(right, at),
        point(twice, at),
        point(twice, at),
        point(new("desk"), "office:nowhere"),
        point(new("desk"), at, country="NL"),
        point(new("desk"), at, since="30.02.2024", duty="sometimes", email=SECRET),
        point(ended, at),
    ]
    looked = await worked(await send("contact_points", xlsx(POINTS, *rows)))
    assert (looked["rows"], looked["checked"], looked["failed"], looked["effects"]["new"]) == (7, 7, 5, 2)
    faults = (await ask("GET", f"/imports/{looked['id']}/faults")).json()["items"]
    assert {(fault["row"], fault["column"]) for fault in faults} == {
        (4, "reference"),
        (5, "authority"),
        (6, "authority"),
        (7, "valid_from"),
        (7, "duty"),
        (7, "email"),
        (8, "reference"),
    }
    file = await ask("GET", f"/imports/{looked['id']}/faults.csv")
    assert file.content.startswith("\ufeffrow,column,reason\r\n4,reference,stands in row 3 already\r\n".encode())
    assert SECRET not in file.text
    assert await holds(app, SECRET) == [], "no person stands in clear between the dry run and the decision"
    refused = await ask("POST", f"/imports/{looked['id']}/apply", json={})
    assert refused.status_code == 409, "all or nothing"
    await ask("POST", f"/imports/{looked['id']}/apply", json={"leave_out_failed": True})
    done = await worked(looked)
    assert (done["state"], done["applied"], done["failed"]) == ("applied", 2, 5)
    assert (await ask("GET", f"/contact-points?q={at}")).json()["total"] == 2


async def test_who_does_not_act_for_a_country_takes_nothing_in_for_it(ask: Any, send: Any, worked: Any) -> None:
    content = csv(
        OFFICES, office(new("office")), office(new("office"), country="NL", zone="Europe/Amsterdam"), office(new("office"), country="")
    )
    looked = await worked(await send("authorities", content, countries=["AL"]))
    faults = (await ask("GET", f"/imports/{looked['id']}/faults")).json()["items"]
    assert [(fault["row"], fault["column"]) for fault in faults] == [(3, "country"), (4, "country")]
    body = {"json": {"leave_out_failed": True}}
    assert (await ask("POST", f"/imports/{looked['id']}/apply", countries=["NL"], **body)).status_code == 403, "its rows are another's"
    assert (await ask("POST", f"/imports/{looked['id']}/apply", countries=["AL"], **body)).is_success
    done = await worked(looked)
    assert (done["state"], done["applied"], done["failed"]) == ("applied", 1, 2)


async def test_whoever_sent_a_list_can_discard_it_and_others_only_for_their_countries(
    ask: Any, client: Any, token: Any, send: Any, worked: Any
) -> None:
    content = csv(OFFICES, office(new("office")), office(new("office"), country="NL", zone="Europe/Amsterdam"))
    for sent_for, another in ((["AL"], "NL"), (["*"], "AL")):
        looked = await worked(await send("authorities", content, countries=sent_for))
        other = {"Authorization": f"Bearer {token('national_editor', countries=[another], sub='another')}", "If-Match": "*"}
        refused = await client.post(f"/imports/{looked['id']}/cancel", headers=other)
        assert refused.status_code == 403, "rows that can be taken in are of countries that this one does not act for"
        assert (await ask("POST", f"/imports/{looked['id']}/cancel", countries=["AL"])).is_success


async def test_a_list_of_which_no_row_can_be_taken_in_is_its_senders_and_of_those_who_act_for_the_same(
    ask: Any, client: Any, token: Any, send: Any, worked: Any
) -> None:
    looked = await worked(await send("authorities", csv(OFFICES, office(new("office"), country="NL")), countries=["AL"]))
    assert (looked["rows"], looked["failed"]) == (1, 1)
    for country, status in (("NL", 403), ("AL", 200)):
        other = {"Authorization": f"Bearer {token('national_editor', countries=[country], sub='another')}", "If-Match": "*"}
        assert (await client.post(f"/imports/{looked['id']}/cancel", headers=other)).status_code == status


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff,", "the text is not in UTF-8"),
        (b"reference,zone\nx,y", "columns are missing: kind"),
        (csv((*OFFICES, "reference"), office("x")), "the column reference is there twice"),
        (b"\n\n,,\n", "the file is empty"),
        (b"PK\x03\x04 nothing", "this is no XLSX that can be read"),
        (csv(OFFICES) + b'\r\n"a' + b"x" * 20_000, "the text is no CSV: field larger than field limit (10000)"),
    ],
)
async def test_a_file_of_which_nothing_can_be_made(ask: Any, send: Any, worked: Any, content: bytes, why: str) -> None:
    looked = await worked(await send("authorities", content))
    assert (looked["state"], looked["problem"], looked["possible"]) == ("unreadable", why, [])


async def test_a_list_is_cancelled_before_and_while_it_is_taken_in(app: FastAPI, ask: Any, send: Any, worked: Any) -> None:
    reference = new("office")
    for state in ("validating", "checked", "applying"):
        given = await send("authorities", csv(OFFICES, office(reference)))
        if state != "validating":
            given = await worked(given)
        if state == "applying":
            given = (await ask("POST", f"/imports/{given['id']}/apply", json={})).json()
        assert given["state"] == state
        cancelled = await ask("POST", f"/imports/{given['id']}/cancel")
        assert cancelled.json()["state"] == "cancelled"
        assert (await worked(given))["state"] == "cancelled"
        async with app.state.engine.connect() as tx:
            for table in ("import_parts", "import_rows"):
                assert not await tx.scalar(text(f"SELECT count(*) FROM {table} WHERE import_id = '{given['id']}'"))
    assert (await ask("GET", f"/authorities?q={reference}")).json()["total"] == 0


async def test_what_was_right_is_asked_again_when_it_is_taken_in(ask: Any, send: Any, worked: Any, nominee: Any) -> None:
    at, reference, other = new("office"), new("desk"), new("desk")
    await ask(
        "POST", "/authorities", json={"reference": at, "name": {"en": "X"}, "kind": "court", "country": "AL", "zone": "Europe/Tirane"}
    )
    looked = await worked(await send("contact_points", csv(POINTS, point(other, at), point(reference, at))))
    made = await nominee(reference=reference)
    await ask("POST", f"/contact-points/{made['id']}/end", json={"valid_to": "2024-01-01", "reason": "term_ended"})
    await ask("POST", f"/imports/{looked['id']}/apply", json={})
    back = await worked(looked)
    assert (back["state"], back["failed"], back["problem"]) == (
        "checked",
        1,
        "the directory was changed after this list was looked through",
    )
    assert (await ask("GET", f"/contact-points?q={other}")).json()["total"] == 0, "nothing of it was taken in"


async def seals(app: FastAPI, id_: str) -> list[tuple[str | None, bytes | None]]:
    """What a list's rows hold of persons, and the keys to it."""
    async with app.state.engine.connect() as tx:
        found = await tx.execute(text(f"SELECT jwe, key FROM import_rows WHERE import_id = '{id_}' ORDER BY number"))
        return [(row.jwe, row.key) for row in found]


async def test_erasing_a_person_destroys_what_lists_that_wait_hold_of_it(
    app: FastAPI, ask: Any, send: Any, worked: Any, taken: Any
) -> None:
    at, gone, other = new("office"), new("desk"), new("desk")
    await taken("authorities", csv(OFFICES, office(at)))
    waits = await worked(await send("contact_points", csv(POINTS, point(gone, at), point(other, at))))
    await taken("contact_points", csv(POINTS, point(gone, at)))
    [found] = (await ask("GET", f"/contact-points?q={gone}")).json()["items"]
    assert all(jwe and key for jwe, key in await seals(app, waits["id"]))
    assert (await ask("DELETE", f"/persons/{found['person_ref']}", "administrator")).is_success
    assert [bool(jwe or key) for jwe, key in await seals(app, waits["id"])] == [False, True], "of the others nothing is destroyed"
    await ask("POST", f"/imports/{waits['id']}/apply", json={})
    back = await worked(waits)
    assert (back["state"], back["failed"]) == ("checked", 1)
    [fault] = (await ask("GET", f"/imports/{waits['id']}/faults")).json()["items"]
    why = "this person's details were erased, and are not taken in again"
    assert fault | {"reference": ""} == {"row": 2, "reference": "", "column": "family_name", "reason": why}
    await ask("POST", f"/imports/{waits['id']}/apply", json={"leave_out_failed": True})
    assert ((await worked(waits))["state"], len((await ask("GET", f"/contact-points?q={at}")).json()["items"])) == ("applied", 2)


async def test_an_erasure_waits_for_rows_that_are_looked_through_at_this_moment(
    app: FastAPI, ask: Any, send: Any, worked: Any, taken: Any
) -> None:
    at, reference = new("office"), new("desk")
    await taken("authorities", csv(OFFICES, office(at)))
    await taken("contact_points", csv(POINTS, point(reference, at)))
    [found] = (await ask("GET", f"/contact-points?q={reference}")).json()["items"]
    given = await send("contact_points", csv(POINTS, point(reference, at)))
    async with app.state.engine.begin() as looking:
        await store.imports.import_locked(looking, UUID(given["id"]))
        erasing = asyncio.create_task(ask("DELETE", f"/persons/{found['person_ref']}", "administrator"))
        await asyncio.sleep(0.5)
        assert not erasing.done(), "what is being looked through could still put a row there"
        await store.imports.add_waiting(looking, UUID(given["id"]), [Waiting(9, reference, {}, uuid4(), "sealed", b"key")])
    assert (await erasing).is_success
    assert await seals(app, given["id"]) == [(None, None)]
    assert (await worked(given))["failed"] == 1, "what is looked through afterwards sees that the person was erased"


async def test_a_file_over_the_limit_is_refused_and_one_over_the_common_limit_is_not(ask: Any, send: Any) -> None:
    row = ",".join(office("x")).encode() + b"\n"
    await ask("POST", f"/imports/{(await send('authorities', row * (2 * LIMIT // len(row))))['id']}/cancel")
    sent = await ask("POST", "/imports", data={"kind": "authorities"}, files={"file": ("list", b"x" * (LARGEST + 200_000))})
    assert (sent.status_code, sent.json()["detail"]) == (413, f"A body may have {LARGEST + 64 * 1024} bytes")
    for content in (b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0 of the old days", "reference,kind".encode("utf-16")):
        sent = await ask("POST", "/imports", data={"kind": "authorities"}, files={"file": ("list.csv", content)})
        assert (sent.status_code, sent.json()["errors"][0]["field"]) == (422, "file")
    for wrong, status in (({"data": {"kind": "authorities"}}, 415), ({"data": {"kind": "x"}, "files": {"file": ("f", b"x")}}, 422)):
        assert (await ask("POST", "/imports", **wrong)).status_code == status


async def test_the_template_can_be_sent_as_it_is(ask: Any, taken: Any) -> None:
    for lang in ("en", "fr", "ar"):
        template = await ask("GET", f"/import-template?kind=authorities&lang={lang}")
        assert template.content.startswith("\ufeff".encode())
        assert (await taken("authorities", template.content))["effects"]["changed"] == 0
    template = await ask("GET", "/import-template?kind=authorities&lang=ar&form=xlsx")
    assert (await taken("authorities", template.content))["effects"] == {"new": 0, "changed": 0, "same": 1}
    columns = (await ask("GET", "/import-columns?kind=contact_points")).json()["items"]
    assert [column["name"] for column in columns if column["needed"]] == ["reference", "authority", "duty", "valid_from"]
    assert {column["name"]: column["codes"] for column in columns}["duty"] == list(LISTS["duty"].codes)


WORKER = (
    "import asyncio; from services.contacts import app, due; from services.contacts.api.rows import ROWS; "
    "from services.contacts.commands.imports import look, take; look.BATCH = take.BATCH = 20; "
    "asyncio.run(due.work_on(app.build(), due.imports(ROWS)))"
)
"""Small batches, so that there are many of them in a short list."""
MANY = 1_000


async def test_a_worker_that_dies_takes_nothing_in_twice_and_nothing_by_half(
    ask: Any, send: Any, app: FastAPI, database: Any, environment: Any, tmp_path: Path
) -> None:
    """Killed with SIGKILL while it looks through and while it takes in; the next one ends what it began."""
    told = {**os.environ, **environment("contacts", await database("contacts"))}
    worker = Child([sys.executable, "-c", WORKER], tmp_path / "worker.log", told, cwd=ROOT)
    word = uuid4().hex[:8]

    async def shown(id_: str) -> dict[str, Any]:
        return dict((await ask("GET", f"/imports/{id_}")).json())

    async def reaches(id_: str, true: Any) -> dict[str, Any]:
        await until(lambda: _true(shown(id_), true), lambda: worker.log.read_text(), every=0.005)
        return await shown(id_)

    async def found() -> tuple[int, int]:
        """How many entries there are, and how many facts of them."""
        rows = (await ask("GET", f"/authorities?q=killed:{word}&limit=1")).json()["total"]
        async with app.state.engine.connect() as tx:
            query = "SELECT count(*) FROM outbox o JOIN authorities a ON o.key = a.id::text WHERE a.reference LIKE :like"
            return rows, int(await tx.scalar(text(query), {"like": f"killed:{word}%"}) or 0)

    given = await send("authorities", csv(OFFICES, *(office(f"killed:{word}:{number}") for number in range(MANY))))
    try:
        worker.start()
        for state, counted, after in (("validating", "checked", "checked"), ("applying", "applied", "applied")):
            await reaches(given["id"], lambda row, counted=counted: row[counted])
            worker.kill()
            half = await shown(given["id"])
            assert half["state"] == state, "it was killed in the middle"
            assert 0 < half[counted] < MANY
            assert await found() == (0, 0), "nothing is there by half"
            worker.start()
            whole = await reaches(given["id"], lambda row, after=after: row["state"] == after)
            assert (whole["checked"], whole["failed"], whole["effects"]) == (MANY, 0, {"new": MANY, "changed": 0, "same": 0})
            if after == "checked":
                assert (await ask("POST", f"/imports/{given['id']}/apply", json={})).status_code == 200
        assert (whole["applied"], await found()) == (MANY, (MANY, MANY)), "each row once, and said once"
    finally:
        worker.kill()


async def _true(coming: Any, true: Any) -> bool:
    return bool(true(await coming))


async def test_a_list_in_a_body_of_another_type_is_told_what_is_taken(ask: Any) -> None:
    refused = (await ask("POST", "/imports", json={"kind": "authorities"})).json()
    assert (refused["status"], refused["title"]) == (415, "A body of this type is not taken here")
    assert "multipart/form-data" in refused["detail"]


async def test_an_empty_cell_empties_the_name_in_its_language_and_a_missing_column_leaves_it(ask: Any, taken: Any) -> None:
    reference, without = new("office"), [heading for heading in OFFICES if heading != "الاسم بالعربية"]
    await taken("authorities", csv(OFFICES, office(reference)))
    left = [cell for place, cell in enumerate(office(reference)) if place != 2]
    assert (await taken("authorities", csv(without, left)))["effects"]["same"] == 1
    assert (await taken("authorities", csv(OFFICES, office(reference, ar=""))))["effects"]["changed"] == 1
    [found] = (await ask("GET", f"/authorities?q={reference}")).json()["items"]
    assert found["name"] == {"en": "Court, the =1st"}
