"""The rules of `.importlinter` hold, and break where they should."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.supervision import ROOT


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("services", "shared"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_the_tree_as_it_is_keeps_them() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("where", "what", "contract"),
    [
        ("services/partners/helpers.py", "", "The same rooms in every service"),
        ("services/partners/domain.py", "import sqlalchemy\n", "Rules and events know no store"),
        ("services/partners/store.py", "import services.contacts.views\n", "No service imports another"),
        ("services/partners/store.py", "import services.partners.api\n", "The same rooms in every service"),
        ("services/partners/api.py", "from services.partners import tables\n", "Tables are the business"),
        ("shared/gate.py", "import services.partners.domain\n", "The kernel knows no service"),
    ],
)
def test_each_breaks_on_a_planted_sin(tree: Path, where: str, what: str, contract: str) -> None:
    file = tree / where
    file.write_text((file.read_text() if file.exists() else "") + what)
    done = lint(tree)
    assert done.returncode != 0
    assert any(line.startswith(contract) and line.endswith("BROKEN") for line in done.stdout.splitlines()), done.stdout
