"""Operations: operations and task forces with the results that countries certify, action days, coordination centres.

Publishes `operations.operation.v1`, `operations.action_day.v1`, `operations.centre.v1`, `operations.priority.v1`. Reads nothing.
"""
