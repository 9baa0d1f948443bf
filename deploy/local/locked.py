"""The locks: are they what pyproject.toml asks for? `python -m deploy.local.locked [--write [--upgrade]]`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).parent.parent.parent
LOCK, PEERS = ROOT / "requirements.lock", ROOT / "benchmarks" / "requirements.lock"
"""What everybody installs; and what the benchmarks race against, in versions that agree with the first."""
ASKED = {LOCK: ["pyproject.toml", "--group=dev"], PEERS: ["--group=bench", "--constraint=requirements.lock"]}
HOW = ["--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]
BARE = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"]
"""The lock names packages and hashes; where they come from is each machine's business."""


def resolve(lock: Path, output: Path, *more: str) -> None:
    """Resolve into `output`, keeping every version that stands there already; raises `CalledProcessError`."""
    command = [find_uv_bin(), "pip", "compile", *ASKED[lock], *HOW, *BARE, *more, f"--output-file={output}"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own tool


def current(lock: Path) -> bool:
    """Does resolving again from the lock's own versions give the lock?"""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "requirements.lock"
        again.write_bytes(lock.read_bytes())
        resolve(lock, again)
        return again.read_bytes() == lock.read_bytes()


if __name__ == "__main__":
    for each in ASKED:
        if "--write" in sys.argv:
            resolve(each, each, *(["--upgrade"] if "--upgrade" in sys.argv else []))
        elif not current(each):
            sys.exit(f"{each.relative_to(ROOT)} is not what pyproject.toml asks for: run make lock")
