"""The locks belong to pyproject.toml and to no machine."""

import re
from pathlib import Path

import pytest

from deploy.local import locked


@pytest.mark.parametrize("lock", locked.ASKED, ids=lambda lock: str(lock.relative_to(locked.ROOT)))
def test_it_names_packages_and_hashes_only(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "#" not in text
    requirements = [line for line in text.splitlines() if not line.startswith(" ")]
    assert all(re.match(r"[a-z0-9._-]+==\S+( ; .+)? \\$", line) for line in requirements)
    assert text.count("--hash=sha256:") >= len(requirements)


def test_everything_asked_for_is_in_it() -> None:
    import tomllib

    asked = tomllib.loads((locked.ROOT / "pyproject.toml").read_text())
    wanted = asked["project"]["dependencies"] + asked["dependency-groups"]["dev"]
    names = {re.match(r"[A-Za-z0-9_.-]+", line).group().lower() for line in wanted}  # type: ignore[union-attr]
    there = {line.split("==")[0] for line in locked.LOCK.read_text().splitlines() if "==" in line}
    assert names <= there


def test_peers_agree_with_what_everybody_installs() -> None:
    ours, peers = (set(re.findall(r"^(\S+==\S+)", lock.read_text(), re.MULTILINE)) for lock in (locked.LOCK, locked.PEERS))
    assert {name.split("==")[0] for name in peers - ours} == {"faststream-outbox"}
