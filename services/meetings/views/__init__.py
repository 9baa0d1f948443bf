"""What is shown of meetings and action items: SQL to page-shaped answers."""
