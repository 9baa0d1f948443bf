import time
from typing import Any

import pytest

from shared.auth import SKEW_S, Door
from shared.errors import Unauthenticated
from tests.conftest import ISSUER


async def test_a_token_that_was_verified_once_is_refused_when_it_expires(keys: Any, token: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    door, now = Door(ISSUER, keys.url), time.time()
    given = f"Bearer {token('auditor', exp=int(now) + 10)}"
    first = await door.caller(given)
    assert await door.caller(given) is first, "remembered, not verified anew"
    monkeypatch.setattr(time, "time", lambda: now + 10 + SKEW_S + 2)
    with pytest.raises(Unauthenticated):
        await door.caller(given)


async def test_a_refused_token_is_never_remembered(keys: Any, token: Any) -> None:
    door = Door(ISSUER, keys.url)
    forged = token("administrator")[:-8] + "AAAAAAAA"
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await door.caller(f"Bearer {forged}")
