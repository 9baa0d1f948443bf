"""Capacity: the library of practical tools (Measure B), in which languages they are, and which countries use them.

Publishes `capacity.tool.v1`. Reads nothing.
"""
