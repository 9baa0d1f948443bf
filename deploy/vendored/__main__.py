"""`python -m deploy.vendored`: fetch the files of others again with npm, and stop at the first that is not what `vendor.toml` lists.

To take a newer version, write it there; what differs is named with its hash, to be looked at and written there too.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from services.portal.settings import HERE

VENDOR = HERE / "static" / "vendor"


def main() -> None:
    """Everything that is listed, package by package."""
    listed = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))["file"]
    with tempfile.TemporaryDirectory() as folder:
        for package in sorted({(entry["package"], entry["version"]) for entry in listed}):
            files = _packed(*package, Path(folder))
            for entry in listed:
                if (entry["package"], entry["version"]) == package and not entry.get("written_here"):
                    _put(entry, files / entry["upstream"])


def _packed(package: str, version: str, folder: Path) -> Path:
    """The files of a published package."""
    npm = shutil.which("npm") or sys.exit("make vendor asks npm for the packages: install it first")
    command = [npm, "pack", "--silent", f"--pack-destination={folder}", f"{package}@{version}"]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[-1]  # noqa: S603 - a package of ours
    there = folder / name.removesuffix(".tgz")
    with tarfile.open(folder / name) as archive:
        archive.extractall(there, filter="data")
    return there / "package"


def _put(entry: Mapping[str, Any], upstream: Path) -> None:
    content = upstream.read_bytes()
    if "made_by" in entry:
        _same(entry["upstream"], content, entry["upstream_sha256"])
        content = import_module(entry["made_by"]).made(content.decode()).encode()
    _same(entry["path"], content, entry["sha256"])
    place = VENDOR / entry["path"]
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(content)
    print(entry["path"])


def _same(what: str, content: bytes, listed: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != listed:
        sys.exit(f"{what} is not what is listed in vendor.toml: sha256 {found}")


if __name__ == "__main__":
    main()
