"""The published language: one module per publishing service, and the CloudEvents 1.0 envelope around every fact.

A fact's class is owned by its publisher; readers are tolerant (`extra="ignore"`), schemas are frozen in `schemas/`.
On Kafka (binary mode) the value is the payload's JSON alone and each attribute is a header `ce_<name>`.
"""

from shared.events.base import Event, EventId, careful, catalogue, decoder, event_class, upcasts
from shared.events.envelope import Attributes, Malformed, Mode, Origin, start_of, subject_of

__all__ = [
    "Attributes",
    "Event",
    "EventId",
    "Malformed",
    "Mode",
    "Origin",
    "careful",
    "catalogue",
    "decoder",
    "event_class",
    "start_of",
    "subject_of",
    "upcasts",
]
