"""What is shown of operations: SQL to page-shaped answers."""

from services.operations.views import action_days, centres, operations

__all__ = ["action_days", "centres", "operations"]
