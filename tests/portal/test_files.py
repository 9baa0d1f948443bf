"""What is served as it lies there: untouched, ours alone, in logical properties; and the headers of every answer."""

import hashlib
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.issuer import page as issuer
from services.portal.app import build
from services.portal.pages.render import STATIC, Renderer, bar, fingerprint
from services.portal.settings import HERE, Settings

VENDOR = STATIC / "vendor"
SHEETS = sorted([*STATIC.glob("*.css"), *issuer.STATIC.glob("*.css")])
TEMPLATES = sorted([*(HERE / "templates").glob("*.html"), issuer.HERE / "people.html"])
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height)|float|overflow-[xy])(?:-\w+)*\s*:|:\s*(?:left|right)\b|text-align:\s*(?:left|right)"
)
SETTINGS = {
    "database_url": "postgresql+asyncpg://portal:x@127.0.0.1:9/portal",
    "issuer": "http://127.0.0.1:9",
    "client_secret": "x",
    "public_url": "http://127.0.0.1:9",
    "session_secret": "a secret of sessions that is long enough",
    "contacts_url": "http://127.0.0.1:9",
    "meetings_url": "http://127.0.0.1:9",
    "capacity_url": "http://127.0.0.1:9",
    "operations_url": "http://127.0.0.1:9",
    "partners_url": "http://127.0.0.1:9",
    "reporting_url": "http://127.0.0.1:9",
    "log_level": "CRITICAL",
}


def test_vendored_files_are_as_they_were_published() -> None:
    listed = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["file"]
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert {entry["path"] for entry in listed} == there - {"vendor.toml"}
    for entry in listed:
        assert hashlib.sha256((VENDOR / entry["path"]).read_bytes()).hexdigest() == entry["sha256"], entry["path"]
        assert {"package", "version", "licence", "upstream"} <= set(entry)
    assert {Path(entry["path"]).parent for entry in listed} == {
        Path(entry["path"]).parent for entry in listed if "LICENSE" in entry["path"]
    }


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_style_knows_no_left_and_no_right(sheet: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    declarations = [found.group() for found in PHYSICAL.finditer(rules)]
    assert set(declarations) <= {"overflow-x:"}, declarations


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_carry_no_style_and_no_script_of_their_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on|js:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"<script[^>]*>[^<]+", text)
    assert "hx-" not in text.replace("data-hx-", "")


def test_nothing_served_points_to_another_host() -> None:
    for path in [*STATIC.rglob("*"), *issuer.STATIC.rglob("*"), *TEMPLATES]:
        if path.suffix in {".css", ".js", ".html", ".svg"} and VENDOR not in path.parents:
            found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", ""))
            assert not found, f"{path.name}: {found}"


def test_own_script_and_style_stay_small() -> None:
    assert len((STATIC / "app.js").read_text(encoding="utf-8").splitlines()) < 100
    assert sum(path.stat().st_size for path in STATIC.glob("*.css")) < 32_000


@pytest.fixture
def app() -> FastAPI:
    return build(Settings(**SETTINGS))  # type: ignore[arg-type]


async def answer(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal") as http:
        return await http.get(path, headers=headers)


@pytest.mark.parametrize("path", ["/en/accessibility", "/ar/sign-in", "/en/nothing/here", "/health/live", "/"])
async def test_every_answer_forbids_what_no_page_needs(app: FastAPI, path: str) -> None:
    said = (await answer(app, path)).headers
    policy = dict(part.split(" ", 1) for part in said["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["font-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == "'self' http://127.0.0.1:9"
    assert said["x-content-type-options"] == "nosniff"
    assert said["cache-control"] == "no-store"
    assert "strict-transport-security" not in said


async def test_behind_tls_the_browser_is_held_to_it() -> None:
    secure = build(Settings(**{**SETTINGS, "public_url": "https://concord.example"}))  # type: ignore[arg-type]
    assert (await answer(secure, "/en/accessibility")).headers["strict-transport-security"] == "max-age=63072000"


async def test_files_are_kept_for_ever_under_a_name_that_changes_with_them(app: FastAPI, tmp_path: Path) -> None:
    served = await answer(app, f"/static/{fingerprint()}/base.css", **{"Accept-Encoding": "gzip"})
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["content-encoding"] == "gzip"
    (tmp_path / "a.css").write_text("a")
    before = fingerprint(tmp_path)
    (tmp_path / "a.css").write_text("b")
    assert fingerprint(tmp_path) != before


@pytest.mark.parametrize(("accepted", "language"), [("ar-TN,fr;q=0.8", "ar"), ("de,fr;q=0.5", "fr"), ("de", "en"), ("", "en")])
async def test_one_is_met_in_the_best_language_there_is(app: FastAPI, accepted: str, language: str) -> None:
    said = await answer(app, "/", **{"Accept-Language": accepted})
    assert (said.status_code, said.headers["location"], said.headers["vary"]) == (303, f"/{language}", "Accept-Language")


async def test_a_page_asked_for_by_nobody_leads_to_the_sign_in_and_back(app: FastAPI) -> None:
    said = await answer(app, "/fr/partners?q=a")
    assert (said.status_code, said.headers["location"]) == (303, "/fr/sign-in?return=%2Ffr%2Fpartners%3Fq%3Da")
    part = await answer(app, "/fr/partners?q=a", **{"HX-Request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (204, said.headers["location"]), "no sign-in page inside another"


async def test_without_the_issuer_one_is_told_that_nobody_can_sign_in(app: FastAPI) -> None:
    said = await answer(app, "/en/sign-in/begin")
    assert said.status_code == 503
    assert "Nobody can sign in just now" in said.text


async def test_without_its_database_the_portal_says_so_and_is_not_ready(app: FastAPI) -> None:
    said = await answer(app, "/en/results", Cookie="concord=x")
    assert said.status_code == 503
    assert "The portal cannot read its sessions" in said.text
    assert (await answer(app, "/health/ready")).status_code == 503
    assert (await answer(app, "/health/live")).status_code == 204


def test_a_bar_is_a_picture_without_style_and_never_overflows() -> None:
    assert 'width="33.3"' in bar(Decimal("0.333"))
    assert 'width="0.0"' in bar(None)
    assert "style" not in bar(None)


def test_a_name_that_carries_markup_stays_text() -> None:
    renderer = Renderer(Settings(**SETTINGS))  # type: ignore[arg-type]
    environment = renderer._environment("en", "UTC")
    said = environment.from_string('{% from "parts.html" import pill %}{{ pill("none", name) }}').render(name="<script>x</script>")
    assert "&lt;script&gt;" in said
    assert "<script>" not in said
