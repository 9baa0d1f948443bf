"""Every port of a local instance, counted from one base: a second instance lives beside the first by another base."""

from dataclasses import dataclass

SERVICES = ("portal", "contacts", "meetings", "operations", "partners", "capacity", "reporting", "notifications")


@dataclass(frozen=True, slots=True)
class Ports:
    """`base` is the portal's; all are on loopback."""

    base: int = 8000

    def service(self, name: str) -> int:
        """The port of one service."""
        return self.base + SERVICES.index(name)

    @property
    def issuer(self) -> int:
        """The demo issuer."""
        return self.base + 8

    @property
    def mail_page(self) -> int:
        """The mail catcher's page."""
        return self.base + 9

    @property
    def smtp(self) -> int:
        """The mail catcher's SMTP."""
        return self.base + 1025

    @property
    def kafka(self) -> int:
        """Kafka's listener for clients."""
        return self.base + 1092

    @property
    def servers(self) -> str:
        """Kafka's bootstrap address."""
        return f"127.0.0.1:{self.kafka}"

    @property
    def controller(self) -> int:
        """Kafka's listener for its controller."""
        return self.base + 1093

    @property
    def postgres(self) -> int:
        """PostgreSQL."""
        return self.base + 1432

    @property
    def mail_url(self) -> str:
        """The mail catcher's page."""
        return f"http://127.0.0.1:{self.mail_page}"

    def url(self, name: str) -> str:
        """Base address of a service."""
        return f"http://127.0.0.1:{self.service(name)}"

    @property
    def issuer_url(self) -> str:
        """The `iss` of this instance's tokens."""
        return f"http://127.0.0.1:{self.issuer}"
