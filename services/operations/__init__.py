"""Operations: coordination centres that are planned, opened and closed.

Publishes `operations.centre.v1`. Reads nothing.
"""
