"""The mail server (SMTP, RFC 5321): it takes a mail, refuses it, or is away."""

import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import aiosmtplib

from services.notifications.settings import Settings
from shared.errors import Unavailable

TIMEOUT_S = 15
UNAVAILABLE = 421


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """This mail is not taken: for good, or for now. The server's words stay out of it, they may name the recipient."""

    code: int
    for_good: bool


class Post:
    """One server, told in the settings."""

    def __init__(self, settings: Settings) -> None:
        password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
        self._how: dict[str, Any] = {
            "hostname": settings.smtp_host,
            "port": settings.smtp_port,
            "username": settings.smtp_username or None,
            "password": password or None,
            "use_tls": settings.smtp_tls == "tls",
            "start_tls": settings.smtp_tls == "starttls",
            "tls_context": None if settings.smtp_tls == "none" else ssl.create_default_context(),
            "timeout": TIMEOUT_S,
            # Otherwise it asks the resolver for this machine's name, and everything waits for the answer.
            "local_hostname": settings.sender.rpartition("@")[2],
        }

    async def send(self, message: EmailMessage) -> None:
        """Hand a mail over; raises `Refused`, or `Unavailable` where no mail is to blame."""
        try:
            await aiosmtplib.send(message, **self._how)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0].code) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refused(error.code) from error
        except aiosmtplib.SMTPNotSupported as error:
            # An address outside of ASCII, and a server that knows none.
            raise Refused(553, for_good=True) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            # Without its words: what a server says may name the recipient.
            raise Unavailable(type(error).__name__) from error


def _refused(code: int) -> Exception:
    return Unavailable(f"smtp {code}") if code == UNAVAILABLE else Refused(code, for_good=code >= 500)
