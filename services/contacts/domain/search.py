"""How names are compared by a search: one way to lay spelling aside, for what is kept and for what is asked."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from anyascii import anyascii

VERSION = 1
"""Of the rules below: entries made by other ones are made anew."""
MOST = 60
"""So many words of an entry are found; a question has at most a dozen."""
ASKED = 12
# What Unicode does not decompose: letters with strokes, ligatures, and the Arabic letters that writers use one for the other.
_ALIKE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "þ": "th", "ð": "d"}
    | {"ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ہ": "ه", "ء": None, "ـ": None}
)
_WORD = re.compile(r"[^\W_]+")
_ARTICLE = "ال"
EMPTY = frozenset(
    [
        "a",
        "al",
        "and",
        "d",
        "da",
        "de",
        "del",
        "des",
        "di",
        "do",
        "du",
        "el",
        "et",
        "for",
        "fur",
        "i",
        "in",
        "l",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "og",
        "the",
        "und",
        "y",
        "في",
        "من",
        "و",
        "على",
    ]
)
"""Words that say nothing; every other name has one."""


def norm(text: str) -> str:
    """Text with case, accents, vowel marks, hamza and tatweel laid aside, and letters that stand for each other made one."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(plain.translate(_ALIKE)))


def words_of(text: str, most: int = MOST) -> list[str]:
    """The words by which a text is found, each once; the Arabic article is no part of a word."""
    found = [_bare(word) for word in norm(text).split()]
    return list(dict.fromkeys([word for word in found if word not in EMPTY] or found))[:most]


def _bare(word: str) -> str:
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word


@lru_cache(50_000)
def latin(word: str) -> str:
    """A word in Latin letters: the same for `Београд` and `Beograd`."""
    return word if word.isascii() else norm(anyascii(word)).replace(" ", "") or word


_SOUNDS = (("sh", "s"), ("ch", "s"), ("sch", "s"), ("kh", "h"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("ph", "f"), ("q", "k"), ("c", "k"))


def bones(word: str) -> str:
    """The consonants of a word: what is left in common where one script writes vowels and the other does not (مراكش, Marrakech)."""
    sound = latin(word)
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouywh']", "", sound))


def vowelless(word: str) -> bool:
    """Is it written in a script that leaves vowels out?"""
    return "\u0590" <= word[:1] <= "\u07bf"


def trigrams(word: str) -> frozenset[str]:
    """As `pg_trgm` takes a word apart."""
    padded = f"  {latin(word)} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0 and 1: what two words have in common."""
    return len(one & other) / len(one | other)


def marked(kind: str, value: object) -> str:
    """What no word can be: by it an entry is found under a code, a whole name or a kind."""
    return f"{kind}={value}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: an authority, a contact point, a network or a structure; no person is named in it."""

    id: UUID
    kind: str
    names: tuple[str, ...]
    others: tuple[str, ...]
    """By what else it is found: its reference, an abbreviation."""
    country: str | None
    office: str | None
    crime_types: tuple[str, ...]
    gone: bool
    """Ended, dissolved: still found, behind what is there."""

    @property
    def norm(self) -> str:
        """Each name as it is compared, each on a line of its own."""
        return "".join(f"\n{name}" for name in dict.fromkeys(map(norm, self.names)))

    @property
    def words(self) -> list[str]:
        """The words of all names and of the rest."""
        return list(dict.fromkeys(word for text in (*self.names, *self.others) for word in words_of(text)))[:MOST]

    @property
    def marks(self) -> list[str]:
        """What it is found under beside its words."""
        found: Iterable[tuple[str, object]] = (
            ("kind", self.kind),
            *(("country", code) for code in [self.country] if code),
            *(("office", code) for code in [self.office] if code),
            *(("crime_type", code) for code in self.crime_types),
            *(("name", line) for line in self.norm.split("\n") if line),
        )
        return [marked(*each) for each in found]
