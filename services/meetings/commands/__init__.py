"""What one can ask of meetings: a function per intent; load, decide, save, say, all in the caller's transaction."""
