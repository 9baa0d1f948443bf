"""The tree itself: files of a readable length, rooms with names that mean something, links that lead somewhere, no machine's traces."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from deploy.docs import readers, services
from deploy.docs.services import ROOT
from shared import auth

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc", "lib"}
LONGEST = 320
PROSE = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]


def tracked() -> list[Path]:
    """Everything that is committed or will be."""
    told = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode:  # an unpacked archive has no history
        return [
            file for folder in ("shared", "services", "deploy", "docs", "tests") for file in (ROOT / folder).rglob("*") if file.is_file()
        ]
    return [ROOT / line for line in told.stdout.splitlines() if (ROOT / line).is_file()]


FILES = tracked()
PYTHON = [file for file in FILES if file.suffix == ".py"]
PAGES = [file for file in FILES if file.suffix == ".md"]


def test_no_file_is_too_long() -> None:
    product = [file for file in PYTHON if file.relative_to(ROOT).parts[0] in ("services", "shared", "deploy")]
    long = {str(file.relative_to(ROOT)): lines for file in product if (lines := len(file.read_text().splitlines())) > LONGEST}
    assert long == {}, "becomes a package of the same name"


def test_nothing_that_was_built_is_kept() -> None:
    built = [file for file in FILES if "target" in file.parts or file.suffix in (".jar", ".class", ".pyc", ".whl", ".so")]
    assert built == []


def test_the_kernel_stays_small() -> None:
    kernel = [
        file
        for file in PYTHON
        if file.relative_to(ROOT).parts[0] == "shared" and file.relative_to(ROOT).parts[1] not in ("events", "codes")
    ]
    long = {file.name: lines for file in kernel if (lines := len(file.read_text().splitlines())) > 200}
    assert long == {}


def test_no_room_has_a_name_that_says_nothing() -> None:
    words = {part.removesuffix(".py") for file in PYTHON for part in file.relative_to(ROOT).parts}
    assert words & FORBIDDEN == set()


def test_no_traces_of_a_machine() -> None:
    telling = re.compile(r"(?<![\w.])/(?:work|tmp|home/\w+|root|Users/\w+)/")
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()[:100]}"
        for file in FILES
        if file.suffix in (".py", ".md", ".toml", ".yml", ".json", ".txt", ".lock", "")
        and "vendor" not in file.parts
        and file.name != Path(__file__).name
        for line in file.read_text(errors="replace").splitlines()
        if telling.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "benchmarks/requirements.lock", "deploy/local/kafka.lock.toml"])
def test_locks_name_no_registry(lock: str) -> None:
    assert not re.search(r"https?://|--index|--find-links|@ file", (ROOT / lock).read_text())


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} leads nowhere"
        if anchor and there.suffix == ".md":
            assert anchor in anchors(there), f"{target}: no such heading"


def test_the_readme_tells_every_service_as_it_is() -> None:
    text = (ROOT / "README.md").read_text()
    for service in services.everyone():
        row = next(line for line in text.splitlines() if line.startswith(f"| {service.name} |"))
        published = [topic for topic in service.publishes]
        assert all(f"`{topic}`" in row for topic in published), f"{service.name} publishes {published}"
        read = {topic.split(".")[0] for topics in service.groups.values() for topic in topics}
        assert all(name in row.split("|")[4] for name in read), f"{service.name} reads {read}"


def test_commands_in_prose_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in (*PROSE, *(ROOT / "docs").rglob("*.md")):
        for command in re.findall(r"`make ([a-z]+)", page.read_text()):
            assert command in targets, f"{page.name}: make {command}"
        for module in re.findall(r"python -m ((?:deploy|services|shared)[\w.]*)", page.read_text()):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), f"{page.name}: {module}"


def test_paths_in_prose_exist() -> None:
    for page in (*PROSE, *(file for file in PAGES if file.relative_to(ROOT).parts[0] == "docs")):
        for path in re.findall(r"`((?:services|shared|deploy|tests|docs)/[\w./-]+)`", page.read_text()):
            assert (ROOT / path).exists(), f"{page.relative_to(ROOT)}: {path}"


@pytest.mark.parametrize("folder", sorted(ROOT.glob("services/*/migrations/versions")), ids=lambda folder: folder.parts[-3])
def test_migrations_are_one_line(folder: Path) -> None:
    """Two that were written at the same time have one number: the service would not start."""
    files = sorted(folder.glob("[0-9]*.py"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for number, file in enumerate(files):
        said = re.findall(r"^(?:down_)?revision = (.+)$", file.read_text(), re.MULTILINE)
        assert said == [f'"{number + 1:04}"', f'"{number:04}"' if number else "None"], file.name


def test_decisions_have_their_headings_and_numbers() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(file.name[:4]) for file in records] == list(range(1, len(records) + 1))
    headings = ["Status", "Context", "Decision", "Consequences", "Alternatives", "Revisit trigger"]
    for file in records:
        assert re.findall(r"^## (.+)$", file.read_text(), re.MULTILINE) == headings, file.name


def test_glossary_words_are_used_as_told() -> None:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)
    assert len(rows) > 20
    assert [term.lower() for term, _, _ in rows] == sorted(term.lower() for term, _, _ in rows)
    told = {term: avoid for term, _, avoid in rows}
    assert "SPOC" in told["SPC"], "the one is not the other"


def test_roles_are_the_ones_in_the_table() -> None:
    text = (ROOT / "docs" / "roles.md").read_text()
    assert set(re.findall(r"^\| ([a-z_]+) \| [^|]+ \|$", text, re.MULTILINE)) - {"role"} == set(auth.ROLES)


def test_the_licence_is_the_one_that_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text().startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    for folder in {file.parent for file in FILES if "vendor" in file.parts and file.suffix in (".json", ".js", ".woff2")}:
        assert any(folder.glob("LICENSE*")), f"{folder.relative_to(ROOT)} has no licence beside it"


def test_each_service_says_what_it_publishes_and_reads() -> None:
    for service in services.everyone():
        said = (ROOT / "services" / service.name / "__init__.py").read_text().lower()
        assert all(word in said for word in ("publishes", "reads")), service.name
    assert readers.sources(ROOT)
