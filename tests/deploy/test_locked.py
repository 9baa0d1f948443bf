"""`requirements.lock` belongs to pyproject.toml and to no machine."""

import re

from deploy.local import locked


def test_it_names_packages_and_hashes_only() -> None:
    text = locked.LOCK.read_text()
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
