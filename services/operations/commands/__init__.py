"""What one can ask of operations: a function per intent; load, decide, save, say, all in the caller's transaction."""

from services.operations.commands import action_days, centres, operations, priorities

__all__ = ["action_days", "centres", "operations", "priorities"]
