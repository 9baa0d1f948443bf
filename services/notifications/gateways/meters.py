"""What operators watch of mails; no label ever holds a person, an address or an id."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Mails:
    """Made before the app whose registry they join."""

    def __init__(self) -> None:
        self.sent = Counter("mails_sent", "Mails that the mail server took", registry=None)
        self.failed = Counter("mails_failed", "Tries that ended without the mail being taken, by the cause", ["cause"], registry=None)
        self.suppressed = Counter("mails_suppressed", "Mails that nobody gets, by the reason", ["reason"], registry=None)
        self.waiting = Gauge("mails_waiting", "Mails in the queue", registry=None)
        self.oldest = Gauge("mails_oldest_seconds", "Age of the oldest mail in the queue", registry=None)

    def join(self, registry: CollectorRegistry) -> None:
        """From now on they are scraped."""
        for each in (self.sent, self.failed, self.suppressed, self.waiting, self.oldest):
            registry.register(each)
