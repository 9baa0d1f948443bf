"""The world outside: a person's seal, the words of a mail, the calendar's invitation, the mail server."""

from services.notifications.gateways.calendar import invitation
from services.notifications.gateways.letter import Sender, compose, language
from services.notifications.gateways.meters import Mails
from services.notifications.gateways.post import Post, Refused
from services.notifications.gateways.seal import Sealed, opened

__all__ = ["Mails", "Post", "Refused", "Sealed", "Sender", "compose", "invitation", "language", "opened"]
