"""What anybody may ask without an access token is counted before anything else is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.organisations.api import public, sign_ins
from tests.integration.organisations.directory import Directory


async def test_begun_sign_ins_and_public_looks_have_a_ceiling(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_ins, "BEGUN", replace(sign_ins.BEGUN, most=2))
    monkeypatch.setattr(public, "LOOKS", replace(public.LOOKS, most=2))
    http, at = directory.network.http, directory.address

    async def begun() -> int:
        return (await http.post(f"{at}/sign-ins", json={"provider": "nobody"})).status_code

    async def looked() -> int:
        return (await http.get(f"{at}/public/offerings?text=x")).status_code

    # An attempt counts though nothing comes of it.
    assert [await begun() for _ in range(3)] == [404, 404, 429]
    assert [await looked() for _ in range(3)] == [200, 200, 429]
    assert (await http.get(f"{at}/jwks")).status_code == 200
    await directory.rows("update clock set shift = shift + interval '61 seconds' returning shift")
    assert (await begun(), await looked()) == (404, 200)
