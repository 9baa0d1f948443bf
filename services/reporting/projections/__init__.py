"""How facts become rows: the one fold that live reading, the retry of a dead letter and the rebuild all use."""

from services.reporting.projections.fold import Folded, fold
from services.reporting.projections.gaps import incomplete
from services.reporting.projections.letters import retry
from services.reporting.projections.take import FOLDING, take, topics

__all__ = ["FOLDING", "Folded", "fold", "incomplete", "retry", "take", "topics"]
