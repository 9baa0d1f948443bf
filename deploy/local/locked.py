"""`requirements.lock`: is it what pyproject.toml asks for? `python -m deploy.local.locked [--write [--upgrade]]`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "requirements.lock"
HOW = ["--group=dev", "--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]
BARE = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"]
"""The lock names packages and hashes; where they come from is each machine's business."""


def resolve(output: Path, *more: str) -> None:
    """Resolve into `output`, keeping every version that stands there already; raises `CalledProcessError`."""
    command = [find_uv_bin(), "pip", "compile", "pyproject.toml", *HOW, *BARE, *more, f"--output-file={output}"]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - our own tool


def current() -> bool:
    """Does resolving again from the lock's own versions give the lock?"""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / "requirements.lock"
        again.write_bytes(LOCK.read_bytes())
        resolve(again)
        return again.read_bytes() == LOCK.read_bytes()


if __name__ == "__main__":
    if "--write" in sys.argv:
        resolve(LOCK, *(["--upgrade"] if "--upgrade" in sys.argv else []))
    elif not current():
        sys.exit("requirements.lock is not what pyproject.toml asks for: run make lock")
