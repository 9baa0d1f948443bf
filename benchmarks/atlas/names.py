"""Made-up names of offices: two to four words of one script, some of them much likelier than others."""

import random

ALPHABETS = {
    "latin": ("aeiou", "bcdfghjklmnprstvz"),
    "cyrillic": ("аеиоу", "бвгдзклмнпрстфхш"),
    "arabic": ("اوي", "بتجحدرزسشصطعفقكلمنه"),
}
SHARES = {"latin": 0.6, "cyrillic": 0.2, "arabic": 0.2}
COMMON = {"latin": "ministry", "cyrillic": "министарство", "arabic": "وزاره"}
"""One of them stands in every fifth name, whatever its script: the Latin one."""


def words(number: int, draw: random.Random) -> dict[str, list[str]]:
    """So many distinct words of three scripts, as syllables make them."""
    found: dict[str, list[str]] = {}
    for script, (vowels, consonants) in ALPHABETS.items():
        made: set[str] = set()
        while len(made) < number * SHARES[script]:
            made.add(
                "".join(draw.choice(consonants) + draw.choice(vowels) for _ in range(draw.choice((2, 3, 3, 4)))) + draw.choice(consonants)
            )
        found[script] = sorted(made)
        draw.shuffle(found[script])
    return found


def name(known: dict[str, list[str]], draw: random.Random) -> str:
    """Two to four words of one script, some of them much likelier than others, every fifth time with the common one before."""
    script = draw.choices(list(SHARES), weights=list(SHARES.values()))[0]
    many = known[script]
    # A third of the words come from the first hundred: offices are called alike.
    drawn = [many[draw.randrange(100)] if draw.random() < 1 / 3 else draw.choice(many) for _ in range(draw.choice((2, 2, 3, 4)))]
    return " ".join(([COMMON["latin"]] if draw.random() < 0.2 else []) + drawn)


def misspelt(word: str, draw: random.Random) -> str:
    """One or two letters left out, doubled, swapped or another's."""
    for _ in range(draw.choice((1, 2))):
        at = draw.randrange(len(word))
        match draw.choice(("out", "in", "other", "swap")):
            case "out" if len(word) > 3:
                word = word[:at] + word[at + 1 :]
            case "in":
                word = word[:at] + draw.choice(word) + word[at:]
            case "swap" if at + 1 < len(word):
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case _:
                word = word[:at] + draw.choice(word) + word[at + 1 :]
    return word
