"""What no client of ours would send, and others do."""

import random
from typing import Any

from tests.system.fuzz import NOWHERE

BROKEN = [
    b"{", b"[1", b"nul", b"\xff\xfe\x00", b'{"a": NaN}', b'"\\ud800"', b'{"\\ud800": 1}', b"[" * 100_000, b'{"a":' * 30_000, b"\xef\xbb\xbf{}",
    b'{"a":' + b"9" * 5000 + b"}",
]  # fmt: skip
ODD = [b"null", b"0", b'""', b"[]", b"{}", b"true", b'[{"a": [null]}]', b'{"on": 1e999}', b'{"": "\\u0000"}', b'{"a": %s}' % (b"9" * 40)]
HEADERS = [
    {"Idempotency-Key": b"\xe9\xff"}, {"Idempotency-Key": "k" * 5000}, {"Idempotency-Key": ""}, {"If-Match": b"\xe9"}, {"If-Match": '"'},
    {"If-Match": ",," * 900}, {"If-Match": '"' + "9" * 400 + '"'}, {"Concord-Mode": "import", "Concord-Recorded-At": "0001-01-01T00:00:00+14:00"},
    {"Concord-Mode": "import", "Concord-Recorded-At": "9999-12-31T23:59:59-14:00"}, {"Concord-Mode": "import", "Concord-Recorded-At": "12"},
    {"Concord-Mode": "none"}, {"Accept-Language": b"\xff;q=\xff"}, {"Accept": "image/png;q=x"}, {"X-Correlation-Id": b"\xff"}, {"traceparent": "00-zz"},
]  # fmt: skip
QUERIES = [
    "on=0001-01-01", "on=9999-12-31", "on=0", "on=2024-02-30", "asof=0001-01-01T00:00:00%2B14:00", "asof=9999-12-31T23:59:59-14:00", "asof=0",
    "period=0001", "period=9999", "period=2024-13", "q=%00", "q=%ff", "q=%ED%A0%80", "limit=0", "limit=1_0", "limit=%2B5", "limit=" + "9" * 40,
    "after=WzFd", "after=WyJhXHUwMDAwIl0", "after=WyJcdWQ4MDAiXQ", "after=W3RydWVd", "after=W251bGxd", "after=%00", "unknown=%00&unknown=1",
    "purpose=&surface=", "subject=%00", "kind=%F0%9F%92%A3", "part=%00", "format=xml", "reader=%00",
]  # fmt: skip


def spoilt(body: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """One member that is something else."""
    anything = [None, 0, -1, 2**63, 10**30, 1.5, True, "", "\x00", "x" * 5000, "0001-01-01", "9999-12-31", "2024-02-30", NOWHERE, [], [[]], {}, {"": None},
        ["\x00"], {"en": "\x00"}, {"\x00": "x"}, "\u202e", "🏴", [NOWHERE] * 50]  # fmt: skip
    return {dice.choice(list(body) or ["x"]): dice.choice(anything)}
