"""Who one can be today: invented persons, one for each role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A demo person; `countries` holds `*` for all, `zone` is whose clock they go by."""

    sub: str
    name: str
    role: str
    countries: tuple[str, ...]
    zone: str | None = None

    @property
    def initials(self) -> str:
        """Two letters for the picture."""
        first, last = self.name.split()[0], self.name.split()[-1]
        return first[0] + last[0]


PEOPLE = (
    Person("demo-coordinator", "Nora Lindqvist", "coordinator", ("*",), "Europe/Amsterdam"),
    Person("demo-administrator", "Tomás Ferreira", "administrator", ("*",)),
    Person("demo-operator", "Ilse Vandamme", "operator", ("*",)),
    Person("demo-auditor", "Greta Hoffmann", "auditor", ("*",)),
    Person("demo-contact-point", "Amine Belkacem", "contact_point", ("TN",), "Africa/Tunis"),
    Person("demo-national-editor", "Elira Hoxha", "national_editor", ("AL",), "Europe/Tirane"),
    Person("demo-operations-officer", "Marek Nowak", "operations_officer", ("*",)),
    Person("demo-reporter", "Sofia Marchetti", "reporter", ("IT",), "Europe/Rome"),
    Person("demo-approver", "Jean Moreau", "approver", ("*",)),
    Person("demo-personal", "Layla Haddad", "personal", ("*",)),
    Person("demo-importer", "Pavel Dvořák", "importer", ("*",)),
    Person("demo-visitor", "Kim Jansen", "visitor", ()),
)
BY_SUB = {person.sub: person for person in PEOPLE}
