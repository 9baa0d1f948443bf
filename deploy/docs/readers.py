"""Who reads an event, and which of its fields: a search over the services' sources, so that nobody has to keep a list.

A reader is a service other than the publisher that imports the class, or writes the event's type (or the beginning of it) in a
string. A field is read where a file of that service names it: as an attribute, as a key, or as a word inside a string (SQL).
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from deploy.docs.services import ROOT
from shared.events import Event

TEXTS = ("*.sql", "*.toml", "*.json")


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A line of a service's source."""

    service: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Source:
    """What one file says: (line, word) of its imports from the published language, its names and attributes, its strings."""

    service: str
    file: str
    imports: tuple[tuple[int, str], ...]
    words: tuple[tuple[int, str], ...]
    strings: tuple[tuple[int, str], ...]

    @cached_property
    def dotted(self) -> tuple[tuple[int, str], ...]:
        """The few strings that can be a type or the beginning of one."""
        return tuple((line, text) for line, text in self.strings if re.search(r"[a-z_]\.[a-z_]+\.", text))


def publisher(event: type[Event]) -> str:
    """The service whose facts these are."""
    return event.type.split(".", 1)[0]


def of_event(event: type[Event], root: Path = ROOT) -> list[Place]:
    """Where other services take the event in."""
    return sorted({place for source in _foreign(event, root) for place in _mentions(event, source)})


def of_field(event: type[Event], name: str, root: Path = ROOT) -> list[Place]:
    """Where other services that take the event in name one of its fields; nearest first: files that name the event itself."""
    sources = _foreign(event, root)
    taking = {source.service for source in sources if any(_mentions(event, source))}
    near = [source for source in sources if any(_mentions(event, source))]
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    for group in (near, [source for source in sources if source.service in taking]):
        found = {Place(s.service, s.file, line) for s in group for line, text in (*s.words, *s.strings) if word.search(text)}
        if found:
            return sorted(found)
    return []


def _foreign(event: type[Event], root: Path) -> list[Source]:
    return [source for source in sources(root) if source.service != publisher(event)]


def _mentions(event: type[Event], source: Source) -> Iterator[Place]:
    for line, name in source.imports:
        if name in (event.__name__, f"shared.events.{publisher(event)}.PUBLISHED"):
            yield Place(source.service, source.file, line)
    for line, text in source.dotted:
        if event.type in text or any(event.type.startswith(start) for start in _beginnings(text)):
            yield Place(source.service, source.file, line)


@cache
def _beginnings(text: str) -> tuple[str, ...]:
    """Beginnings of types that a query asks for: `partners.instrument.%`, or a string that ends in the dot."""
    return tuple(re.findall(r"\b([a-z_]+\.[a-z_]+\.(?:[a-z_]+\.)?)(?=%|$)", text))


@cache
def sources(root: Path = ROOT) -> tuple[Source, ...]:
    """Every file of every service that can read a fact."""
    services = root / "services"
    python = [_python(file, root) for file in sorted(services.rglob("*.py")) if "migrations" not in file.parts]
    texts = [_text(file, root) for pattern in TEXTS for file in sorted(services.rglob(pattern)) if "static" not in file.parts]
    return tuple(source for source in (*python, *texts) if "/" in source.file.removeprefix("services/"))


def _service(file: Path, root: Path) -> tuple[str, str]:
    path = file.relative_to(root)
    return path.parts[1], path.as_posix()


def _text(file: Path, root: Path) -> Source:
    lines = file.read_text(encoding="utf-8").splitlines()
    return Source(*_service(file, root), (), (), tuple(enumerate(lines, 1)))


def _python(file: Path, root: Path) -> Source:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    imports: list[tuple[int, str]] = []
    words: list[tuple[int, str]] = []
    strings: list[tuple[int, str]] = []
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.startswith("shared.events"):
                for alias in node.names:
                    imports.append((node.lineno, f"{module}.PUBLISHED" if alias.name == "PUBLISHED" else alias.name))
                    modules[alias.asname or alias.name] = f"{module}.{alias.name}"
            case ast.Attribute(value=ast.Name(id=holder)) if holder in modules:
                published = f"{modules[holder]}.PUBLISHED"
                imports.append((node.lineno, published if node.attr == "PUBLISHED" else node.attr))
            case ast.Attribute():
                words.append((node.lineno, node.attr))
            case ast.Constant(value=str(text)) if id(node) not in prose:
                strings.extend((node.lineno + offset, line) for offset, line in enumerate(text.splitlines()))
            case _:
                pass
    return Source(*_service(file, root), tuple(imports), tuple(words), tuple(strings))
