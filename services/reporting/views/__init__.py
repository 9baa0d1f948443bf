"""What reporting answers: figures with their evidence, facts, coverage, and how the stream is doing."""
