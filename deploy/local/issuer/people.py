"""Who one can be today: invented persons, one for each role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A demo person; `countries` holds `*` for all."""

    sub: str
    name: str
    role: str
    countries: tuple[str, ...]

    @property
    def initials(self) -> str:
        """Two letters for the picture."""
        first, last = self.name.split()[0], self.name.split()[-1]
        return first[0] + last[0]


PEOPLE = (
    Person("demo-coordinator", "Nora Lindqvist", "coordinator", ("*",)),
    Person("demo-administrator", "Tomás Ferreira", "administrator", ("*",)),
    Person("demo-operator", "Ilse Vandamme", "operator", ("*",)),
    Person("demo-auditor", "Greta Hoffmann", "auditor", ("*",)),
    Person("demo-contact-point", "Amine Belkacem", "contact_point", ("TN",)),
    Person("demo-national-editor", "Elira Hoxha", "national_editor", ("AL",)),
    Person("demo-operations-officer", "Marek Nowak", "operations_officer", ("*",)),
    Person("demo-reporter", "Sofia Marchetti", "reporter", ("IT",)),
    Person("demo-approver", "Jean Moreau", "approver", ("*",)),
    Person("demo-personal", "Layla Haddad", "personal", ("*",)),
    Person("demo-importer", "Pavel Dvořák", "importer", ("*",)),
    Person("demo-visitor", "Kim Jansen", "visitor", ()),
)
BY_SUB = {person.sub: person for person in PEOPLE}
