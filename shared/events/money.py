"""Money as facts carry it."""

from typing_extensions import TypedDict


# A TypedDict, not a model: the fast decoder mirrors it and knows no nested pydantic class.
class Money(TypedDict):
    """An amount in the smallest unit of its currency (ISO 4217); `exponent` says how many of its digits are decimals."""

    amount_minor: int
    currency: str
    exponent: int
